/** Where lines for the person at the terminal go: one call, one line without a line end. */
export type PrintLine = (line: string) => void;

const heartbeatMs = 5000;

/** Reports steps of one service: a line at the start, one every few seconds while it lasts, one with the time at the end. */
export class Progress {
  readonly #print: PrintLine;
  readonly #label: string;

  constructor(print: PrintLine, label: string) {
    this.#print = print;
    this.#label = label;
  }

  say(text: string): void {
    this.#print(`  ${this.#label.padEnd(11)} ${text}`);
  }

  /** Runs `work` between "<doing>" and "<done> in 1.2 s". A failure prints no second line: its error tells the rest. */
  async step<T>(doing: string, done: string, work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    this.say(doing);
    const heartbeat = setInterval(() => this.say(`still ${doing} (${seconds(startedMs)})`), heartbeatMs);
    heartbeat.unref();
    try {
      const result = await work();
      this.say(`${done} in ${seconds(startedMs)}`);
      return result;
    } finally {
      clearInterval(heartbeat);
    }
  }
}

/** The time since `startedMs` of performance.now(), for people. */
export function seconds(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}
