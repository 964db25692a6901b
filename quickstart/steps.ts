import { seconds } from '../sandbox/progress.ts';
import type { Terminal } from './terminal.ts';

const tickMs = 1000;
const plainEveryTicks = 10;

/** Shows what is done: while it lasts, and with its time when it is through. */
export class Steps {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `done` says what was reached; a failure prints no line of its own: its error tells the rest. */
  async run<T>(doing: string, done: string | ((result: T) => string), work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    if (this.#terminal.isInteractive) this.#terminal.live(`… ${doing}`);
    else this.#terminal.line(`… ${doing}`);
    const heartbeat = this.#heartbeat(doing, startedMs);
    try {
      const result = await work();
      const reached = typeof done === 'string' ? done : done(result);
      this.#terminal.clearLive();
      this.#terminal.line(`✓ ${reached} (${seconds(startedMs)})`);
      return result;
    } finally {
      clearInterval(heartbeat);
      this.#terminal.clearLive();
    }
  }

  #heartbeat(doing: string, startedMs: number): NodeJS.Timeout {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (this.#terminal.isInteractive || ticks % plainEveryTicks === 0) {
        this.#terminal.live(`… ${doing} (${seconds(startedMs)})`);
      }
    }, tickMs);
    return timer.unref();
  }
}
