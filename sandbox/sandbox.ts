import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { withLock } from '../scripts/bootstrap/lock.mjs';
import { cacheFolderOf, DownloadCache } from './download/cache.ts';
import { requireMaven } from './download/maven.ts';
import { environmentOf } from './environment.ts';
import { externalAddresses, requireReachable } from './external.ts';
import { getJava, type JavaHome } from './java.ts';
import { choosePorts } from './ports.ts';
import { Progress, type PrintLine } from './progress.ts';
import { SandboxError } from './sandbox-error.ts';
import { serviceNames, type ServiceName } from './service-name.ts';
import { ServiceRunner } from './service-runner.ts';
import type { ServiceDefinition, Site } from './services/definition.ts';
import { kafka } from './services/kafka.ts';
import { mariadb } from './services/mariadb.ts';
import { opensearch } from './services/opensearch.ts';
import { emptyState, readState, writeState, type SandboxState } from './state.ts';

const definitions: Readonly<Record<ServiceName, ServiceDefinition>> = { kafka, opensearch, mariadb };

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
   */
  async up(only: readonly ServiceName[] = serviceNames): Promise<void> {
    await this.#exclusively(async () => {
      const given = externalAddresses(this.#environment);
      const local = only.filter((name) => given[name] === undefined);
      const java = await this.#requirePrograms(local);
      const state = readState(this.#stateFile) ?? emptyState();
      for (const name of only) await this.#record(name, given[name], state);
      state.up = serviceNames.filter((name) => state.up.includes(name) || only.includes(name));
      writeState(this.#stateFile, state);
      await allSettledOrThrow(local.map((name) => this.#start(name, state, java)));
    });
  }

  /** Ends every process of the sandbox and returns when they are gone. Data, logs and ports are kept. */
  async down(): Promise<void> {
    await this.#exclusively(() => this.#down());
  }

  /** Down, then up again with empty data and logs: the services of the last up, or all. */
  async reset(): Promise<void> {
    const wanted = readState(this.#stateFile)?.up ?? [];
    await this.#exclusively(async () => {
      await this.#down();
      await Promise.all([...serviceNames, 'logs'].map((part) => this.#removePart(part)));
    });
    await this.up(wanted.length === 0 ? serviceNames : wanted);
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
      const java = await this.#requirePrograms([name]);
      await this.#record(name, undefined, state);
      writeState(this.#stateFile, state);
      await this.#start(name, state, java);
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
    return (state?.up ?? []).map((name) => {
      const address = this.#addressOf(name, state);
      if (state?.services[name]?.kind === 'external') return { name, address, state: 'external' };
      const pid = this.#runner(name).findPid();
      return pid === undefined ? { name, address, state: 'stopped' } : { name, address, state: 'running', pid };
    });
  }

  /** The settings that lead to the services, whether or not each of them runs now. Throws when the sandbox is down. */
  env(): Record<string, string> {
    const state = this.#requireUp();
    const logs = this.#logsFolder;
    const isUp = (name: ServiceName) => state.up.includes(name);
    const isLocal = (name: ServiceName) => isUp(name) && state.services[name]?.kind === 'local';
    const site = { clusterName: this.#clusterName(state), logsFolder: logs };
    return environmentOf({
      folder: this.folder,
      kafkaBrokers: isUp('kafka') ? this.#addressOf('kafka', state) : undefined,
      openSearchUrl: isUp('opensearch') ? this.#addressOf('opensearch', state) : undefined,
      databaseUrl: isUp('mariadb') ? this.#addressOf('mariadb', state) : undefined,
      kafkaLog: isLocal('kafka') ? kafka.logFile(site) : undefined,
      openSearchLog: isLocal('opensearch') ? opensearch.logFile(site) : undefined,
    });
  }

  async #down(): Promise<void> {
    const state = readState(this.#stateFile);
    await allSettledOrThrow(serviceNames.map((name) => this.#runner(name).stop()));
    if (state !== undefined) writeState(this.#stateFile, { ...state, up: [] });
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

  async #start(name: ServiceName, state: SandboxState, java: JavaHome | undefined): Promise<void> {
    const runner = this.#runner(name);
    const artifact = definitions[name].artifact(java);
    const distribution = await this.#cache.fetch(artifact, this.#progress(name), java?.home);
    const site = { ...this.#site(name, state), distribution, java };
    try {
      await runner.start(site);
    } catch (error) {
      const ports = await choosePorts(definitions[name].portNames, site.ports, portsOf(state));
      if (isDeepStrictEqual(ports, site.ports)) throw error;
      // Between the choice and the start somebody else was faster. Twice in a row is no accident.
      this.#progress(name).say('a port was taken by another process, trying another one');
      state.services[name] = { kind: 'local', ports };
      writeState(this.#stateFile, state);
      await runner.start({ ...site, ports });
    }
  }

  /** Asks before anything is started for everything that must be installed, so that one line says what is missing. */
  async #requirePrograms(local: readonly ServiceName[]): Promise<JavaHome | undefined> {
    const needsJava = local.some((name) => definitions[name].needsJava);
    const java = needsJava ? await getJava(this.#environment) : undefined;
    if (java !== undefined) this.#print(`  ${'java'.padEnd(11)} ${java.version} (${java.home})`);
    if (local.some((name) => !this.#cache.has(definitions[name].artifact(java)))) {
      requireMaven(this.#environment);
      if (java === undefined) await getJava(this.#environment);
    }
    return java;
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

  #addressOf(name: ServiceName, state: SandboxState | undefined): string {
    const given = externalAddresses(this.#environment)[name];
    const service = state?.services[name];
    if (given !== undefined) return given;
    if (service?.kind === 'external') return service.address;
    return state === undefined || service === undefined ? '' : definitions[name].address(this.#site(name, state));
  }

  #site(name: ServiceName, state: SandboxState): Omit<Site, 'distribution' | 'java'> {
    const service = state.services[name];
    const database = 'sdp';
    return {
      clusterName: this.#clusterName(state),
      folder: join(this.folder, name),
      logsFolder: this.#logsFolder,
      ports: service?.kind === 'local' ? service.ports : {},
      credentials: { username: 'sdp', password: state.databasePassword, database },
    };
  }

  #runner(name: ServiceName): ServiceRunner {
    return new ServiceRunner(definitions[name], this.folder, this.#progress(name));
  }

  #progress(name: ServiceName): Progress {
    return new Progress(this.#print, name);
  }

  async #removePart(part: string): Promise<void> {
    await rm(join(this.folder, part), { recursive: true, force: true });
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const waiting = (pid: number) => this.#print(`waiting for process ${pid}, which works on sandbox ${this.name}`);
    await withLock(`${this.folder}.lock`, work, waiting);
  }

  #clusterName(state: SandboxState): string {
    return `sandbox-${this.name}-${state.id}`;
  }

  get #logsFolder(): string {
    return join(this.folder, 'logs');
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
