import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { withLock } from '../scripts/bootstrap/lock.mjs';
import { cacheFolderOf, DownloadCache } from './download/cache.ts';
import { externalAddresses, requireReachable } from './external.ts';
import type { JavaHome } from './java.ts';
import { choosePorts } from './ports.ts';
import { requirePrograms } from './programs.ts';
import { Progress, type PrintLine } from './progress.ts';
import { SandboxError } from './sandbox-error.ts';
import { serviceNames, type ServiceName } from './service-name.ts';
import { ServiceRunner } from './service-runner.ts';
import { addressOf, definitions, sandboxEnvironment, siteOf } from './site.ts';
import { emptyState, readState, writeState, type SandboxState } from './state.ts';

export interface SandboxOptions {
  /** Letters, digits, "-" and "_"; `default` when left out. Sandboxes of different names share nothing but downloads. */
  name?: string;
  /** Where the `.sandbox` folder is; the clone when left out. */
  root?: string;
  /** Lines for the person who waits; nothing is printed when left out. */
  print?: PrintLine;
  environment?: NodeJS.ProcessEnv;
}

export type ServiceStatus = {
  name: ServiceName;
  address: string;
} & ({ state: 'external' } | { state: 'stopped' } | { state: 'running'; pid: number });

/**
 * Real Kafka, OpenSearch and MariaDB on this machine, as processes that outlive this one. Methods that change something
 * take turns with every other process that works on the same sandbox. Faults that a person can mend are SandboxErrors.
 */
export class Sandbox {
  readonly name: string;
  readonly folder: string;
  readonly #print: PrintLine;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #cache: DownloadCache;

  constructor(options: SandboxOptions = {}) {
    this.name = options.name ?? 'default';
    if (!/^[A-Za-z0-9][\w-]{0,39}$/.test(this.name)) {
      throw new SandboxError(`"${this.name}" is no sandbox name: up to 40 letters, digits, "-" and "_"`);
    }
    this.folder = join(options.root ?? resolve(import.meta.dirname, '..'), '.sandbox', this.name);
    this.#print = options.print ?? (() => undefined);
    this.#environment = options.environment ?? process.env;
    this.#cache = new DownloadCache(resolve(cacheFolderOf(this.#environment)), this.#environment);
  }

  /**
   * Starts what does not run yet, all at the same time, and returns when everything answers. Without `only` it is all
   * three services. Ports and data of an earlier up are kept, except a port that a stranger has taken meanwhile.
   * After an abort of `signal` it ends what it started and throws the signal's reason.
   */
  async up(only: readonly ServiceName[] = serviceNames, signal?: AbortSignal): Promise<void> {
    await this.#exclusively(async () => {
      const before = serviceNames.filter((name) => this.#runner(name).findPid() !== undefined);
      const earlier = readState(this.#stateFile)?.up ?? [];
      try {
        await this.#up(only, signal);
      } catch (error) {
        if (signal?.aborted !== true) throw error;
        await this.#stopAll(serviceNames.filter((name) => !before.includes(name)));
        writeState(this.#stateFile, { ...(readState(this.#stateFile) ?? emptyState()), up: earlier });
        throw signal.reason;
      }
    }, signal);
  }

  /** Ends every process of the sandbox and returns when they are gone. Data, logs and ports are kept. */
  async down(): Promise<void> {
    await this.#exclusively(() => this.#down());
  }

  /** Down, then up again with empty data and logs: the services of the last up, or all. */
  async reset(signal?: AbortSignal): Promise<void> {
    const wanted = readState(this.#stateFile)?.up ?? [];
    await this.#exclusively(async () => {
      await this.#down();
      const parts = [...serviceNames, 'logs'].map((part) => join(this.folder, part));
      await Promise.all(parts.map((part) => rm(part, { recursive: true, force: true })));
    }, signal);
    await this.up(wanted.length === 0 ? serviceNames : wanted, signal);
  }

  /** Down, then everything of the sandbox is deleted, its logs too. */
  async remove(): Promise<void> {
    await this.#exclusively(async () => {
      await this.#down();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** Starts a stopped service of a sandbox that is up, with its ports and data; returns when it answers. */
  async start(name: ServiceName): Promise<void> {
    await this.#exclusively(async () => {
      const state = this.#requireLocal(name);
      const java = await requirePrograms([definitions[name]], this.#cache, this.#environment);
      await this.#record(name, undefined, state);
      writeState(this.#stateFile, state);
      await this.#start(name, state, java, undefined);
    });
  }

  /** Ends one service in an orderly way and returns when it is gone; nothing happens when it does not run. */
  async stop(name: ServiceName): Promise<void> {
    this.#requireLocal(name);
    await this.#exclusively(() => this.#runner(name).stop());
  }

  /** Ends one service by SIGKILL, as a crash would, and returns when it is gone. */
  async kill(name: ServiceName): Promise<void> {
    this.#requireLocal(name);
    await this.#exclusively(() => this.#runner(name).kill());
  }

  /** One entry for each service of the last up, in a fixed order; empty when the sandbox is down. */
  status(): ServiceStatus[] {
    const state = readState(this.#stateFile);
    if (state === undefined) return [];
    return state.up.map((name) => {
      const address = addressOf(name, this, state, this.#environment);
      if (state.services[name]?.kind === 'external') return { name, address, state: 'external' };
      const pid = this.#runner(name).findPid();
      return pid === undefined ? { name, address, state: 'stopped' } : { name, address, state: 'running', pid };
    });
  }

  /** The settings that lead to the services, whether or not each of them runs now. Throws when the sandbox is down. */
  env(): Record<string, string> {
    return sandboxEnvironment(this, this.#requireUp(), this.#environment);
  }

  async #up(only: readonly ServiceName[], signal: AbortSignal | undefined): Promise<void> {
    const given = externalAddresses(this.#environment);
    const local = only.filter((name) => given[name] === undefined);
    const programs = local.map((name) => definitions[name]);
    const java = await requirePrograms(programs, this.#cache, this.#environment);
    if (java !== undefined) this.#print(`  ${'java'.padEnd(11)} ${java.version} (${java.home})`);
    const state = readState(this.#stateFile) ?? emptyState();
    for (const name of only) await this.#record(name, given[name], state);
    state.up = serviceNames.filter((name) => state.up.includes(name) || only.includes(name));
    writeState(this.#stateFile, state);
    await allSettledOrThrow(local.map((name) => this.#start(name, state, java, signal)));
  }

  async #down(): Promise<void> {
    await this.#stopAll(serviceNames);
    const state = readState(this.#stateFile);
    if (state !== undefined) writeState(this.#stateFile, { ...state, up: [] });
  }

  async #stopAll(names: readonly ServiceName[]): Promise<void> {
    await allSettledOrThrow(names.map((name) => this.#runner(name).stop()));
  }

  /** Notes where the service is or will be. */
  async #record(name: ServiceName, given: string | undefined, state: SandboxState): Promise<void> {
    if (given !== undefined) {
      await requireReachable(name, given);
      await this.#runner(name).stop();
      state.services[name] = { kind: 'external', address: given };
      return;
    }
    const known = state.services[name];
    const ports = known?.kind === 'local' ? known.ports : {};
    const isRunning = this.#runner(name).findPid() !== undefined;
    state.services[name] = {
      kind: 'local',
      ports: isRunning ? ports : await choosePorts(definitions[name].portNames, ports, portsOf(state)),
    };
  }

  async #start(
    name: ServiceName,
    state: SandboxState,
    java: JavaHome | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const [definition, runner, progress] = [definitions[name], this.#runner(name), this.#progress(name)];
    const distribution = await this.#cache.fetch(definition.artifact(java), { progress, javaHome: java?.home, signal });
    const site = { ...siteOf(name, this, state), distribution, java, signal };
    try {
      await runner.start(site);
    } catch (error) {
      const ports = await choosePorts(definition.portNames, site.ports, portsOf(state));
      if (isDeepStrictEqual(ports, site.ports)) throw error;
      // Between the choice and the start somebody else was faster. Twice in a row is no accident.
      progress.say('a port was taken by another process, trying another one');
      state.services[name] = { kind: 'local', ports };
      writeState(this.#stateFile, state);
      await runner.start({ ...site, ports });
    }
  }

  #requireUp(): SandboxState {
    const state = readState(this.#stateFile);
    if (state !== undefined && state.up.length > 0) return state;
    throw new SandboxError(`sandbox ${this.name} is not up: start it with "npm run sandbox -- up${this.#nameOption}"`);
  }

  #requireLocal(name: ServiceName): SandboxState {
    const state = this.#requireUp();
    if (!state.up.includes(name)) throw new SandboxError(`${name} is not part of sandbox ${this.name}`);
    if (state.services[name]?.kind === 'external') throw new SandboxError(`${name} is not run by the sandbox`);
    return state;
  }

  #runner(name: ServiceName): ServiceRunner {
    return new ServiceRunner(definitions[name], this.folder, this.#progress(name));
  }

  #progress(name: ServiceName): Progress {
    return new Progress(this.#print, name);
  }

  async #exclusively(work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    const onWait = (pid: number) => {
      if (pid !== process.pid) this.#print(`waiting for process ${pid}, which works on sandbox ${this.name}`);
    };
    await withLock(`${this.folder}.lock`, work, { onWait, signal });
  }

  get #stateFile(): string {
    return join(this.folder, 'state.json');
  }

  get #nameOption(): string {
    return this.name === 'default' ? '' : ` --name ${this.name}`;
  }
}

function portsOf(state: SandboxState): number[] {
  return Object.values(state.services).flatMap((service) =>
    service.kind === 'local' ? Object.values(service.ports) : [],
  );
}

/** Waits for all, so that none goes on behind the caller's back, and then throws the first failure. */
async function allSettledOrThrow(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
