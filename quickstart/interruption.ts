import type { Sandbox } from '../sandbox/sandbox.ts';
import { programProcess } from './program/program.ts';
import { QuickstartError } from './quickstart-error.ts';
import type { Terminal } from './terminal.ts';

const interruptedCode = 130;

/**
 * The first Ctrl-C (or SIGTERM, a closed terminal, a reader of our output that went away) aborts the signal, so that
 * everything is stopped in order. A second one kills what runs and ends this process at once.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #sandbox: Sandbox;
  readonly #terminal: Terminal;

  constructor(sandbox: Sandbox, terminal: Terminal) {
    this.#sandbox = sandbox;
    this.#terminal = terminal;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#interrupt());
    process.stdout.on('error', () => this.#controller.abort(new QuickstartError('nobody reads the output')));
    process.stderr.on('error', () => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #interrupt(): void {
    if (this.signal.aborted) this.#endNow();
    this.#terminal.clearLive();
    this.#terminal.line('interrupted, stopping; once more ends at once');
    this.#controller.abort(new QuickstartError('interrupted'));
  }

  #endNow(): never {
    const services = this.#sandbox.status().map((service) => (service.state === 'running' ? service.pid : undefined));
    for (const pid of [programProcess(this.#sandbox.folder).findPid(), ...services]) {
      if (pid !== undefined) killGroup(pid);
    }
    process.exit(interruptedCode);
  }
}

/** Each of them leads a process group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}
