import { setTimeout as delay } from 'node:timers/promises';

import { sampleOf, type MetricsSample } from './metrics-sample.ts';
import type { ManagementApi } from './program/management-api.ts';
import { QuickstartError } from './quickstart-error.ts';
import type { Terminal } from './terminal.ts';

const intervalMs = 1000;
/** Tasks in these states move records, or are about to. */
const calmStates: ReadonlySet<string> = new Set(['running', 'starting']);

interface Trouble {
  pipelineId: string;
  state: string;
  cause: string;
}

/** Shows each second what the pipelines do, by the program's own account. */
export class LiveLine {
  readonly #api: ManagementApi;
  readonly #pipelineIds: readonly string[];
  readonly #terminal: Terminal;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(api: ManagementApi, pipelineIds: readonly string[], terminal: Terminal) {
    this.#api = api;
    this.#pipelineIds = pipelineIds;
    this.#terminal = terminal;
  }

  start(): void {
    this.#running = this.#run();
    // It is thrown where it is waited for.
    this.#running.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#terminal.clearLive();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const startedMs = performance.now();
    while (!signal.aborted) {
      const text = await this.#text(performance.now() - startedMs);
      if (!this.#stopping.signal.aborted) this.#terminal.live(text);
      await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #text(elapsedMs: number): Promise<string> {
    try {
      const sample = sampleOf(await this.#api.metrics(), new Set(this.#pipelineIds));
      return formatLive(sample, await this.#troubles(), elapsedMs);
    } catch (error) {
      if (error instanceof QuickstartError) return error.message;
      throw error;
    }
  }

  async #troubles(): Promise<Trouble[]> {
    const lists = this.#pipelineIds.map(async (pipelineId) => {
      const tasks = await this.#api.tasks(pipelineId);
      return tasks.map(({ state, cause }) => ({ pipelineId, state, cause }));
    });
    return (await Promise.all(lists)).flat().filter(({ state }) => !calmStates.has(state));
  }
}

export function formatLive(sample: MetricsSample, troubles: readonly Trouble[], elapsedMs: number): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const { recordsIn, indexed, forwarded, rejected, lag } = sample;
  const counts = [
    ...[`${count(recordsIn)} in`, `${count(indexed)} indexed`, `${count(forwarded)} forwarded`],
    ...[`${count(rejected)} rejected`, `lag ${count(lag)}`],
  ];
  const worst = troubles[0];
  const trouble = worst === undefined ? '' : ` | ${worst.pipelineId} ${worst.state}: ${worst.cause}`;
  return `${String(Math.floor(elapsedMs / 1000)).padStart(4)} s | ${counts.join(' | ')}${trouble}`;
}
