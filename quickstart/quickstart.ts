import { setTimeout as delay } from 'node:timers/promises';

import { seconds } from '../sandbox/progress.ts';
import { Feeding } from './feeding.ts';
import type { Feed } from './feeds/feed.ts';
import { LiveLine } from './live-line.ts';
import { QuickstartError } from './quickstart-error.ts';
import type { RunContext } from './run-context.ts';
import { setUp, type Stage } from './set-up.ts';
import { printSummary } from './summary.ts';
import { checkPipeline, type Check } from './verify/checks.ts';
import type { Evidence } from './verify/evidence.ts';
import { falsify } from './verify/falsify.ts';
import { aliasOf, Witness } from './verify/witness.ts';

const recordsOfEachLog = 2000;
const visits = 2;
const arrivalDeadlineMs = 60_000;
const pollMs = 300;
const visitIntervalMs = 2000;

export interface PipelineCounts {
  id: string;
  index: string;
  produced: number;
  indexed: number;
  forwarded: number;
  rejected: number;
}

export interface Verification {
  pipelines: PipelineCounts[];
  checks: Check[];
}

/** One run, from nothing to records in OpenSearch. What it starts is ended by the context's cleanup. */
export class Quickstart {
  readonly #context: RunContext;
  readonly #startedMs = performance.now();
  #hasShownAll = false;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** True once an endless run has come to where it only goes on: an interrupt is then its regular end. */
  get hasShownAll(): boolean {
    return this.#hasShownAll;
  }

  /** Feeds a bounded amount and verifies what became of it. */
  async once(): Promise<Verification> {
    const { options, terminal } = this.#context;
    const stage = await setUp(this.#context);
    const { feeding, witness, live } = this.#open(stage, recordsOfEachLog);
    await this.#feedAll(feeding);
    await feeding.stop();
    const hasArrived = await this.#waitUntil(stage, async () => {
      await witness.advance();
      return stage.pipelines.every(({ id }) => witness.settledCount(id) >= feeding.sentTo(id).length);
    });
    await live.stop();
    if (!hasArrived) terminal.line(`! after ${arrivalDeadlineMs / 1000} s not everything had arrived`);
    if (options.falsify) await this.#falsify(stage);
    const evidence = await witness.collect((id) => feeding.sentTo(id));
    const checks = evidence.flatMap(checkPipeline);
    printSummary(terminal, stage, evidence, options);
    this.#printChecks(checks);
    return { pipelines: evidence.map(countsOf), checks };
  }

  /** Feeds and shows until the context's signal is aborted, or the program ends. */
  async endlessly(): Promise<never> {
    const { options, signal, terminal } = this.#context;
    const stage = await setUp(this.#context);
    const { feeding, witness } = this.#open(stage, undefined);
    const bad = await this.#feedAll(feeding);
    await this.#waitUntil(stage, async () => {
      await witness.advance();
      return witness.errorCount >= bad && stage.pipelines.every(({ id }) => witness.settledCount(id) > 0);
    });
    printSummary(terminal, stage, await witness.collect(() => []), options);
    terminal.line();
    this.#hasShownAll = true;
    for (;;) {
      await stage.program.requireRunning();
      await feeding.visit().catch(ignoreSilence);
      await delay(visitIntervalMs, undefined, { signal });
    }
  }

  #open(stage: Stage, limit: number | undefined): { feeding: Feeding; witness: Witness; live: LiveLine } {
    const { cleanup, terminal } = this.#context;
    terminal.line(
      `feeding ${stage.pipelines.map(({ id }) => id).join(', ')} (${seconds(this.#startedMs)} after the start)`,
    );
    const witness = new Witness(stage.brokers, stage.search, stage.pipelines);
    cleanup.add('reader', () => witness.close());
    const feeding = new Feeding(stage, limit, (feed, error) => this.#onFeedFault(feed, error));
    cleanup.add('feeds', () => feeding.close());
    const ids = stage.pipelines.map(({ id }) => id);
    const live = new LiveLine(stage.api, ids, terminal);
    cleanup.add('live line', () => live.stop());
    feeding.start();
    live.start();
    return { feeding, witness, live };
  }

  /** Returns how many bad records are on their way. */
  async #feedAll(feeding: Feeding): Promise<number> {
    const { signal, terminal } = this.#context;
    for (let visit = 0; visit < visits; visit++) await feeding.visit();
    const bad = await feeding.sendBadRecords(signal);
    terminal.line(`✓ sent ${bad} bad records, each between two good ones`);
    return bad;
  }

  /** False when the deadline passed first. */
  async #waitUntil(stage: Stage, isTrue: () => Promise<boolean>): Promise<boolean> {
    const end = performance.now() + arrivalDeadlineMs;
    while (!(await isTrue())) {
      if (performance.now() > end) return false;
      await stage.program.requireRunning();
      await delay(pollMs, undefined, { signal: this.#context.signal });
    }
    return true;
  }

  async #falsify(stage: Stage): Promise<void> {
    const { id, index } = await falsify(stage.search, stage.pipelines.map(aliasOf));
    this.#context.terminal.line(`! changed document ${id} in ${index}, as --falsify asks for`);
  }

  #onFeedFault(feed: Feed, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `the input of ${feed.pipeline.id} cannot be fed: ${reason}`;
    if (this.#context.options.once) throw new QuickstartError(text);
    this.#context.terminal.line(`! ${text}`);
  }

  #printChecks(checks: readonly Check[]): void {
    const { terminal } = this.#context;
    terminal.line();
    terminal.line('Verified record by record, in OpenSearch and in the topics');
    for (const { name, ok, detail } of checks) terminal.line(`  ${ok ? '✓' : '✗'} ${name}${ok ? '' : `: ${detail}`}`);
  }
}

function countsOf({ pipeline, fed, documents, output, errors }: Evidence): PipelineCounts {
  return {
    id: pipeline.id,
    index: aliasOf(pipeline),
    produced: fed.length,
    indexed: documents.length,
    forwarded: output.length,
    rejected: errors.length,
  };
}

/** The live line shows that the program does not answer; whether it still runs is asked elsewhere. */
function ignoreSilence(error: unknown): void {
  if (!(error instanceof QuickstartError)) throw error;
}
