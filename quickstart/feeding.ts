import { setTimeout as delay } from 'node:timers/promises';

import { visitApi } from './feeds/api-visitor.ts';
import { badRecords, conflictingFields, goodRecord } from './feeds/bad-records.ts';
import { Feed, type FedRecord } from './feeds/feed.ts';
import { Feeds } from './feeds/feeds.ts';
import { LogTail } from './feeds/log-tail.ts';
import { accessLines, jsonEvents, textLines, type RecordSplitter } from './feeds/record-splitter.ts';
import { RecordProducer } from './kafka/record-producer.ts';
import type { InputKind, RunningPipeline } from './pipelines.ts';
import { QuickstartError } from './quickstart-error.ts';
import type { Stage } from './set-up.ts';
import { aliasOf } from './verify/witness.ts';

const mappingDeadlineMs = 60_000;
const pollMs = 300;
const splitters: Readonly<Record<InputKind, () => RecordSplitter>> = {
  'opensearch-log': jsonEvents,
  'kafka-log': textLines,
  'access-log': accessLines,
};

/** Everything that goes into the pipelines: the logs all the time, the bad records once. */
export class Feeding {
  readonly #stage: Stage;
  readonly #producer: RecordProducer;
  readonly #feeds: readonly Feed[];
  readonly #running: Feeds;
  readonly #byHand: FedRecord[] = [];

  /** With a limit, each log is fed up to so many records and each record is remembered; `onFault` as in Feeds. */
  constructor(stage: Stage, limit: number | undefined, onFault: (feed: Feed, error: unknown) => void) {
    const producer = new RecordProducer(stage.brokers);
    this.#stage = stage;
    this.#producer = producer;
    this.#feeds = stage.pipelines.map((pipeline) => {
      const tail = new LogTail(stage.inputLogs.get(pipeline.kind) ?? '');
      return new Feed({ pipeline, tail, splitter: splitters[pipeline.kind](), producer, limit });
    });
    this.#running = new Feeds(this.#feeds, onFault);
  }

  start(): void {
    this.#running.start();
  }

  /** Makes requests, for the access log to tell of them. */
  async visit(): Promise<void> {
    const { api, pipelines } = this.#stage;
    await visitApi(
      api,
      pipelines.map(({ id }) => id),
    );
  }

  /**
   * Sends each bad record between two good ones, once documents have fixed the types that some of them conflict with.
   * Returns how many were bad.
   */
  async sendBadRecords(signal: AbortSignal): Promise<number> {
    const bad = badRecords();
    await this.#waitForFields(signal);
    const records = bad.flatMap((record, index) => [{ value: goodRecord(index), rejection: undefined }, record]);
    records.push({ value: goodRecord(bad.length), rejection: undefined });
    const values = records.map(({ value }) => value);
    const produced = await this.#producer.sendTogether(this.#byHandPipeline().inputTopic, values);
    this.#byHand.push(...produced.map((record, index) => ({ ...record, rejection: records[index]?.rejection })));
    return bad.length;
  }

  /** What was sent to a pipeline, when there is a limit. */
  sentTo(pipelineId: string): readonly FedRecord[] {
    const feed = this.#feeds.find(({ pipeline }) => pipeline.id === pipelineId);
    return [...(feed?.sent ?? []), ...(this.#byHandPipeline().id === pipelineId ? this.#byHand : [])];
  }

  /** Takes in what the logs hold by now, and returns when all of it is sent. */
  async stop(): Promise<void> {
    await this.#running.stop();
  }

  async close(): Promise<void> {
    await this.#running.stop().catch(() => undefined); // who fed has been told
    await this.#producer.close();
  }

  async #waitForFields(signal: AbortSignal): Promise<void> {
    const alias = aliasOf(this.#byHandPipeline());
    const end = performance.now() + mappingDeadlineMs;
    for (;;) {
      const { fields } = await this.#stage.search.facts(alias);
      if (conflictingFields.every((field) => fields.has(field))) return;
      if (performance.now() > end) {
        throw new QuickstartError(`No document of ${alias} was indexed within ${mappingDeadlineMs / 1000} s`);
      }
      await this.#stage.program.requireRunning();
      await delay(pollMs, undefined, { signal });
    }
  }

  #byHandPipeline(): RunningPipeline {
    const found = this.#stage.pipelines.find(({ kind }) => kind === 'access-log');
    if (found === undefined) throw new QuickstartError('There is no pipeline for the access log');
    return found;
  }
}
