import { setTimeout as delay } from 'node:timers/promises';
import { RecordCursor } from '../../platform/kafka/wire/record-cursor.js';
import { PatientReader } from '../../platform/kafka/source/patient-reader.js';
import { KafkaFault } from '../../platform/kafka/wire/kafka-fault.js';
import type { BatchBuilder } from './batch/batch-builder.js';
import type { FlowBatch } from './batch/flow-batch.js';
import type { BulkIndexer } from './bulk/bulk-indexer.js';
import type { CommitLoop } from './commit/commit-loop.js';
import type { FlowMetrics } from './flow-metrics.js';
import { endedByKafka, waitingForKafka } from './kafka-trouble.js';
import { Notifier } from '../../stream/notifier.js';
import type { PartitionSource, SourceChunk } from '../../platform/kafka/source/partition-source.js';
import type { WaitingCause } from './waiting-cause.js';

export interface PipelineFlowParts {
  source: PartitionSource;
  builder: BatchBuilder;
  indexer: BulkIndexer;
  commits: CommitLoop;
  metrics: FlowMetrics;
  /** Where Kafka is, for the cause of a fault. */
  brokers: string;
  /** Tells what holds the task up; undefined says that it moves again. */
  onWaiting(cause: WaitingCause | undefined): void;
}

export interface PipelineFlowOptions {
  flushBytes: number;
  flushItems: number;
  flushIntervalMs: number;
  /** Bytes of records read and not final; at the cap nothing is fetched. */
  maxBufferedBytes: number;
  maxDecompressedBytes: number;
}

const MAX_FETCH_BYTES = 8 * 1024 * 1024;
const MIN_ROOM_BYTES = 64 * 1024;
const REST_POLL_MS = 20;

/**
 * One task's way of the records: source → ensure JSON → handlers → annotate → bulk → transaction. Reads only as fast as
 * the slowest of the rest: what is read and not final is bounded.
 */
export class PipelineFlow {
  private open: FlowBatch | undefined;
  private isResting = false;
  private readonly changed = new Notifier();
  private readonly ended = new AbortController();
  private readonly stopped = new AbortController();
  private readonly reader: PatientReader;

  constructor(
    private readonly parts: PipelineFlowParts,
    private readonly options: PipelineFlowOptions,
  ) {
    const { source, brokers } = parts;
    this.reader = new PatientReader(source, (fault) => parts.onWaiting(fault && waitingForKafka(fault, brokers)));
  }

  get bufferedBytes(): number {
    return this.parts.commits.bufferedBytes + (this.open?.recordBytes ?? 0);
  }

  /** Resolves after a stop has drained; rejects with what ended the flow. Offsets of what is not final stay. */
  async run(): Promise<void> {
    const { signal } = this.ended;
    try {
      await this.join(signal);
      while (!this.isStopping) {
        signal.throwIfAborted();
        await (this.parts.source.isSettling ? this.rest(signal) : this.step(signal));
      }
      await this.drain(signal);
    } catch (error) {
      throw signal.aborted ? (signal.reason as Error) : error;
    }
  }

  /** Reads nothing more, writes and commits what was read, then lets `run` resolve. */
  stop(): void {
    this.stopped.abort();
    this.changed.notify();
  }

  /** Ends `run` with this error at once, without draining. */
  fail(error: unknown): void {
    this.ended.abort(error);
  }

  /** Aborted, with the reason, when the flow has failed. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** Aborted when nothing new may begin: after `stop` and after a failure. */
  get stopSignal(): AbortSignal {
    return AbortSignal.any([this.stopped.signal, this.ended.signal]);
  }

  private get isStopping(): boolean {
    return this.stopped.signal.aborted;
  }

  /** Something became final or was committed: there may be room again. */
  progressed(): void {
    this.changed.notify();
  }

  /** Nothing is read at the moment, and all that was read is committed. */
  get isSettled(): boolean {
    return this.isResting && !this.open && this.parts.commits.isEmpty;
  }

  /** Gives up what belongs to partitions that other members have now. */
  lose(isLost: (partition: number) => boolean): void {
    this.loseOpen(isLost);
    this.parts.commits.lose(isLost);
  }

  /** Partition → epoch ms of its first record that is read and not committed. */
  firstTimestamps(): Map<number, number> {
    const first = this.parts.commits.firstTimestamps();
    this.open?.addFirstTimestamps(first);
    return first;
  }

  private async rest(signal: AbortSignal): Promise<void> {
    await this.flush(signal);
    this.isResting = true;
    try {
      await delay(REST_POLL_MS, undefined, { signal });
    } finally {
      this.isResting = false;
    }
  }

  private async step(signal: AbortSignal): Promise<void> {
    const room = this.options.maxBufferedBytes - this.bufferedBytes;
    if (room < MIN_ROOM_BYTES) {
      await this.flush(signal);
      await this.awaitRoom(signal);
      return;
    }
    const chunks = await this.poll(Math.min(room, MAX_FETCH_BYTES), signal);
    for (const chunk of chunks) {
      await this.consume(chunk, signal);
    }
    if (this.isDue()) {
      await this.flush(signal);
    }
    if (!this.open && this.parts.commits.isEmpty) {
      this.parts.commits.trim();
    }
  }

  /** A fault outside is waited out; one that an operator has to mend ends the task. */
  private async poll(maxBytes: number, signal: AbortSignal): Promise<SourceChunk[]> {
    return this.reader.poll(maxBytes, signal, () => this.isStopping).catch(endTask);
  }

  private async join(signal: AbortSignal): Promise<void> {
    await this.reader.join(signal, () => this.isStopping).catch(endTask);
  }

  private async consume(chunk: SourceChunk, signal: AbortSignal): Promise<void> {
    const { source, builder, metrics } = this.parts;
    const { maxDecompressedBytes } = this.options;
    const cursor = new RecordCursor(chunk.records, chunk.fetchOffset, chunk.aborted, { maxDecompressedBytes });
    const { partition, lease } = chunk;
    if (!source.holds(partition, lease)) {
      return;
    }
    while (cursor.next()) {
      const batch = this.openBatch();
      metrics.read(cursor.recordEnd - cursor.recordStart);
      const pending = builder.add(batch, cursor, partition);
      if (pending) {
        await pending;
      }
      if (pending && !source.holds(partition, lease)) {
        // Lost while waiting: the item was appended before, so it is given up like the rest.
        this.loseOpen((lost) => lost === partition);
        return;
      }
      if (this.isFull(batch) || this.bufferedBytes >= this.options.maxBufferedBytes) {
        batch.nextOffsets.set(partition, cursor.nextOffset);
        await this.flush(signal);
        await this.awaitRoom(signal);
        if (!source.holds(partition, lease)) {
          return;
        }
      }
    }
    if (cursor.nextOffset > chunk.fetchOffset) {
      this.openBatch().nextOffsets.set(partition, cursor.nextOffset);
    }
  }

  private loseOpen(isLost: (partition: number) => boolean): void {
    if (this.open) {
      const lost = this.open.lose(isLost);
      this.open.givenBack += lost;
      this.parts.metrics.giveBack(lost);
    }
  }

  /** A fetch may unpack to much more than was asked for: what is read beyond the cap waits here, record by record. */
  private async awaitRoom(signal: AbortSignal): Promise<void> {
    while (this.options.maxBufferedBytes - this.bufferedBytes < MIN_ROOM_BYTES && this.bufferedBytes > 0) {
      await this.changed.next(signal);
    }
  }

  private openBatch(): FlowBatch {
    this.open ??= this.parts.commits.takeBatch();
    if (this.open.openedAtMs === 0) {
      this.open.openedAtMs = performance.now();
    }
    return this.open;
  }

  private isFull(batch: FlowBatch): boolean {
    return batch.bodyLength >= this.options.flushBytes || batch.count >= this.options.flushItems;
  }

  private isDue(): boolean {
    const { open } = this;
    return open !== undefined && !open.isEmpty && performance.now() - open.openedAtMs >= this.options.flushIntervalMs;
  }

  private async flush(signal: AbortSignal): Promise<void> {
    const batch = this.open;
    if (!batch || batch.isEmpty) {
      return;
    }
    this.open = undefined;
    this.parts.commits.push(batch);
    await this.parts.indexer.submit(batch, signal);
  }

  private async drain(signal: AbortSignal): Promise<void> {
    await this.flush(signal);
    while (!this.parts.commits.isEmpty) {
      await this.changed.next(signal);
    }
  }
}

function endTask(error: unknown): never {
  throw error instanceof KafkaFault ? endedByKafka(error) : error;
}
