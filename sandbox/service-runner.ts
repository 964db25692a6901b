import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isPortFree } from './ports.ts';
import { pollUntil } from './poll-until.ts';
import type { Progress } from './progress.ts';
import { logTail } from './run-program.ts';
import { SandboxError } from './sandbox-error.ts';
import { ServiceProcess } from './service-process.ts';
import type { ServiceDefinition, Site } from './services/definition.ts';

const readyDeadlineMs = 120_000;
const probeIntervalMs = 250;

/** Starts one service until it is ready, and ends it. Callers take turns: the sandbox's lock sees to that. */
export class ServiceRunner {
  readonly definition: ServiceDefinition;
  readonly #process: ServiceProcess;
  readonly #progress: Progress;

  constructor(definition: ServiceDefinition, sandboxFolder: string, progress: Progress) {
    this.definition = definition;
    this.#process = new ServiceProcess(join(sandboxFolder, `${definition.name}.pid`));
    this.#progress = progress;
  }

  /** The pid while the service runs, ready or not. */
  findPid(): number | undefined {
    return this.#process.findPid();
  }

  /** Returns when the service answers, at once when it did before. Throws, with the end of its log, when it does not come up. */
  async start(site: Site): Promise<void> {
    const { name } = this.definition;
    const address = `127.0.0.1:${Object.values(site.ports)[0] ?? ''}`;
    if (this.findPid() !== undefined && (await this.#isReady(site))) {
      this.#progress.say(`is already up on ${address}`);
      return;
    }
    const version = this.definition.artifact(site.java).name.slice(name.length + 1);
    await this.#progress.step(`starting ${version}`, `ready on ${address}`, async () => {
      await mkdir(site.folder, { recursive: true });
      await mkdir(site.logsFolder, { recursive: true });
      if (this.findPid() === undefined) {
        await this.definition.prepare(site);
        this.#process.start(this.definition.launch(site));
      }
      await this.#waitUntilReady(site);
    });
  }

  async stop(): Promise<void> {
    if (this.findPid() === undefined) return this.#process.stop(0);
    await this.#progress.step('stopping', 'stopped', () => this.#process.stop(this.definition.stopDeadlineMs));
  }

  async kill(): Promise<void> {
    await this.#process.kill();
    this.#progress.say('killed');
  }

  async #waitUntilReady(site: Site): Promise<void> {
    const isSettled = async () => {
      site.signal?.throwIfAborted();
      return this.findPid() === undefined || (await this.#isReady(site));
    };
    const isInTime = await pollUntil(isSettled, readyDeadlineMs, probeIntervalMs);
    if (isInTime && this.findPid() !== undefined) return;
    const what = isInTime ? 'ended while starting' : `was not ready after ${readyDeadlineMs / 1000} s`;
    await this.#process.stop(this.definition.stopDeadlineMs);
    const log = await logTail(this.definition.launch(site).outputFile);
    throw new SandboxError(`${this.definition.name} ${what}${await takenPorts(site)}; its log ends with:\n${log}`);
  }

  async #isReady(site: Site): Promise<boolean> {
    try {
      await this.definition.probe(site);
      return true;
    } catch {
      return false; // not yet: the deadline ends the wait
    }
  }
}

async function takenPorts(site: Site): Promise<string> {
  const ports = Object.values(site.ports);
  const free = await Promise.all(ports.map(isPortFree));
  const taken = ports.filter((_, index) => free[index] === false);
  return taken.length === 0 ? '' : ` (port ${taken.join(', ')} was taken by another process)`;
}
