import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { choosePorts } from '../../sandbox/ports.ts';
import { pollUntil } from '../../sandbox/poll-until.ts';
import { ServiceProcess } from '../../sandbox/service-process.ts';
import { QuickstartError } from '../quickstart-error.ts';
import { causeInLog } from './log-cause.ts';
import { runToEnd } from './run-to-end.ts';

const readyDeadlineMs = 60_000;
const probeTimeoutMs = 2000;
const probeIntervalMs = 150;
// What is on the way is drained: stopTimeoutSec, and what comes on top.
const stopDeadlineMs = 30_000;

export interface ProgramSite {
  root: string;
  /** Folder of the sandbox: pid file and logs go there. */
  folder: string;
  /** What leads the program to the services. */
  services: Readonly<Record<string, string>>;
}

/** The program, `--role all`, as a process of its own that is found again by its pid file. */
export class Program {
  readonly logFile: string;
  readonly #site: ProgramSite;
  readonly #process: ServiceProcess;
  #ports: Record<string, number> = {};
  /** What keeps it from being ready, as far as it says so. */
  #missing = 'it does not answer';

  constructor(site: ProgramSite) {
    this.#site = site;
    this.#process = programProcess(site.folder);
    this.logFile = join(site.folder, 'logs', 'program.log');
  }

  /** Where API, Swagger UI, health and metrics are. */
  get url(): string {
    return `http://127.0.0.1:${this.#ports['http'] ?? ''}`;
  }

  get isRunning(): boolean {
    return this.#process.findPid() !== undefined;
  }

  async migrate(signal: AbortSignal): Promise<void> {
    const logFile = join(this.#site.folder, 'logs', 'migrate.log');
    const run = { ...this.#command('--migrate'), cwd: this.#site.root, logFile, signal };
    await runToEnd({ ...run, environment: this.#environment() }, 'The database could not be migrated');
  }

  /** Returns when it says that it is ready. */
  async start(signal: AbortSignal): Promise<void> {
    this.#ports = await choosePorts(['http', 'internal'], {}, []);
    this.#process.start({
      ...this.#command('--role', 'all'),
      cwd: this.#site.root,
      environment: this.#environment(),
      outputFile: this.logFile,
    });
    const isSettled = async () => {
      signal.throwIfAborted();
      return !this.isRunning || (await this.#isReady());
    };
    const isInTime = await pollUntil(isSettled, readyDeadlineMs, probeIntervalMs);
    await this.requireRunning();
    if (!isInTime) {
      const reason = `was not ready after ${readyDeadlineMs / 1000} s (${this.#missing})`;
      throw new QuickstartError(`The program ${reason}\n  log: ${this.logFile}`);
    }
  }

  /** Throws, with the cause in its log, when it has ended. */
  async requireRunning(): Promise<void> {
    if (this.isRunning) return;
    throw new QuickstartError(`The program has ended: ${await causeInLog(this.logFile)}\n  log: ${this.logFile}`);
  }

  /** Lets it drain, and returns when it is gone. */
  async stop(): Promise<void> {
    await this.#process.stop(stopDeadlineMs);
  }

  async #isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) });
      const { failing = [] } = (await answer.json()) as { failing?: string[] };
      this.#missing = `missing: ${failing.join(', ')}`;
      return answer.ok;
    } catch {
      return false; // not yet: the deadline ends the wait
    }
  }

  #command(...words: string[]): { command: string; args: string[] } {
    return { command: process.execPath, args: ['--enable-source-maps', mainOf(this.#site.root), ...words] };
  }

  /** Settings that are meant for another installation would lead this one astray, so none is passed on. */
  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SDP_'));
    const services = Object.entries(this.#site.services).filter(([name]) => name.startsWith('SDP_'));
    return {
      ...Object.fromEntries([...inherited, ...services]),
      SDP_SERVER_HTTPPORT: String(this.#ports['http'] ?? 0),
      SDP_SERVER_INTERNALHTTPPORT: String(this.#ports['internal'] ?? 0),
      // A person watches: what comes in shall be seen soon.
      SDP_SERVER_FLUSHINTERVALSEC: '1',
    };
  }
}

/** The process that a run in this folder has started, also an earlier run that was killed. */
export function programProcess(folder: string): ServiceProcess {
  return new ServiceProcess(join(folder, 'program.pid'));
}

/** Throws when there is no program to start. */
export function requireBuilt(root: string): void {
  if (!existsSync(mainOf(root))) throw new QuickstartError('There is no dist/main.js: run without --no-build');
}

function mainOf(root: string): string {
  return join(root, 'dist', 'main.js');
}
