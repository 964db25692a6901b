import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';

const TICKS_PER_SEC = 100;

/** A process whose CPU time and memory are read from the system, start-up told apart from the work. */
export class MeasuredProcess {
  readonly #child: ChildProcess;
  peakMiB = 0;

  constructor(args: readonly string[], environment: Record<string, string>, logFile: string) {
    const log = openSync(logFile, 'a');
    this.#child = spawn(process.execPath, [...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
    });
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** User and system time of all threads. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SEC;
  }

  /** Resident memory now. */
  memoryMiB(): number {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1] ?? '0';
    return Math.round(Number(kib) / 1024);
  }

  sampleMemory(): void {
    this.peakMiB = Math.max(this.peakMiB, this.memoryMiB());
  }

  async stop(): Promise<void> {
    if (this.hasEnded) {
      return;
    }
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}
