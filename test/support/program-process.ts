import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { waitUntil } from './wait-until.js';

const root = resolve(import.meta.dirname, '../..');
const logTailLines = 15;

export interface ProgramOptions {
  /** Begins the name of its log file. */
  name: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  httpPort: number;
}

export interface ProgramExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  tookMs: number;
}

/** The compiled program as a process of its own. It belongs to the test's process group, so that the runner finds it. */
export class ProgramProcess {
  readonly url: string;
  readonly logFile: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  private constructor({ name, args, environment, httpPort }: ProgramOptions) {
    this.url = `http://127.0.0.1:${httpPort}`;
    this.logFile = join(logFolder(), `${name}-${httpPort}.log`);
    mkdirSync(dirname(this.logFile), { recursive: true });
    const log = openSync(this.logFile, 'a');
    this.child = spawn(process.execPath, [join(root, 'dist/main.js'), ...args], {
      cwd: root,
      env: { ...outerEnvironment(), ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = once(this.child, 'exit');
  }

  /** Returns at once: it may end before it ever answers. */
  static launch(options: ProgramOptions): ProgramProcess {
    return new ProgramProcess(options);
  }

  /** Returns when it answers on its port, whether or not the services it needs are there. */
  static async start(options: ProgramOptions): Promise<ProgramProcess> {
    const program = new ProgramProcess(options);
    await waitUntil(`${options.name} answers at ${program.url}`, () => program.answers('/health/live'), {
      seen: () => program.logTail(),
    });
    return program;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Returns when it says that it can work. */
  async ready(): Promise<this> {
    await waitUntil(`${this.url} is ready`, () => this.answers('/health/ready'), { seen: () => this.logTail() });
    return this;
  }

  /** True when the answer is 200; throws when the program has ended, for it will not answer any more. */
  async answers(path: string): Promise<boolean> {
    if (!this.isRunning) {
      throw new Error(`the program ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.logTail()}`);
    }
    try {
      const { ok } = await fetch(this.url + path, { signal: AbortSignal.timeout(5000) });
      return ok;
    } catch {
      return false; // not yet: the deadline ends the wait
    }
  }

  /** The lines of its metrics page. */
  async metrics(): Promise<string[]> {
    const response = await fetch(`${this.url}/metrics`);
    return (await response.text()).split('\n');
  }

  /** Waits until it has ended by itself. */
  async exited(): Promise<ProgramExit> {
    const startedMs = performance.now();
    await waitUntil(`${this.url} has ended`, () => !this.isRunning, { seen: () => this.logTail() });
    return this.exit(startedMs);
  }

  /** Asks it to end, as a platform does, and waits for it. */
  async stop(): Promise<ProgramExit> {
    return this.end('SIGTERM');
  }

  /** Ends it without giving it a chance to react. */
  async kill(): Promise<ProgramExit> {
    return this.end('SIGKILL');
  }

  /** Stands still, as a machine does that is out of memory or cut off; nobody is told. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** Goes on where it stood, as if no time had passed. */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Everything that it has printed so far. */
  log(): string {
    return readFileSync(this.logFile, 'utf8').trimEnd();
  }

  logTail(): string {
    return this.log().split('\n').slice(-logTailLines).join('\n');
  }

  private async end(signal: NodeJS.Signals): Promise<ProgramExit> {
    const startedMs = performance.now();
    this.child.kill(signal);
    await this.ended;
    return this.exit(startedMs);
  }

  private exit(startedMs: number): ProgramExit {
    const { exitCode: code, signalCode } = this.child;
    return { code, signal: signalCode, tookMs: performance.now() - startedMs };
  }
}

/** Where the runner keeps logs after a failure, else in the sandbox. */
export function logFolder(): string {
  const sandbox = process.env.SANDBOX_DIR ?? join(root, '.sandbox/default');
  return process.env.SDP_TEST_LOGS ?? join(sandbox, 'logs/programs');
}

/** Of the settings around the test only those of the services: the rest are the program's defaults, as users have them. */
function outerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('NODE_OPTIONS') && !name.startsWith('JEST_') && name !== 'NODE_ENV',
    ),
  );
}
