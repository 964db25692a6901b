import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../../domain/coded-error.js';
import type { ConsumerDispatchHandler } from '../../../stream/consumer-dispatch-handler.js';
import { Notifier } from '../../../stream/notifier.js';
import type { RunResult } from '../../../stream/run-result.js';
import type { Source } from '../../../stream/source.js';
import type { PartitionSource, SourceChunk } from '../source/partition-source.js';
import type { PatientReader } from '../source/patient-reader.js';
import { RecordCursor } from '../wire/record-cursor.js';
import { KafkaMessage } from './kafka-message.js';
import type { MessageLedger } from './message-ledger.js';
import type { SettlementLoop } from './settlement-loop.js';
import { inOptionNames } from './stream-fault.js';

const MAX_FETCH_BYTES = 8 * 1024 * 1024;
const MIN_ROOM_BYTES = 64 * 1024;
/** While the group is about to share its partitions out anew, and waits for what was read to be committed. */
const REST_POLL_MS = 20;

export interface KafkaSourceParts {
  source: PartitionSource;
  reader: PatientReader;
  ledger: MessageLedger;
  settlement: SettlementLoop;
  /** Before the first record is read; ends what a predecessor of the same transactional id left open. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Aborted when nothing is committed any more. */
  ended: AbortController;
  /** Gives all connections back. */
  disconnect(): Promise<void>;
}

export interface KafkaSourceOptions {
  topic: string;
  maxBufferedBytes: number;
  maxBatchBytes: number;
  closeTimeoutMs: number;
}

/**
 * The records of a topic, as a member of a consumer group: those of one partition in order. Only as many are read as there
 * is room for. An offset is committed when every message at and below it in its partition has settled, and what was
 * written for them is acknowledged; partitions do not wait for each other. What another member takes over is neither
 * written nor committed here any more.
 *
 * Faults of Kafka that pass are logged and waited out. `run` rejects with one that an operator has to mend, and when
 * another process uses the same transactional id.
 */
export class KafkaSource implements Source<KafkaMessage> {
  private readonly changed = new Notifier();
  private failure: Error | undefined;
  private isReading = false;

  constructor(
    private readonly parts: KafkaSourceParts,
    private readonly options: KafkaSourceOptions,
  ) {}

  async run(dispatch: ConsumerDispatchHandler<KafkaMessage>, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, this.parts.ended.signal]);
    const isStopping = () => signal.aborted;
    try {
      await this.parts.prepare(signal);
      await this.parts.reader.join(signal, isStopping);
      while (!isStopping()) {
        await (this.parts.source.isSettling
          ? delay(REST_POLL_MS, undefined, { signal })
          : this.read(dispatch, signal, isStopping));
      }
    } catch (error) {
      if (!isEndOfWait(error, stop)) {
        throw this.failure ?? inOptionNames(error);
      }
    }
    if (this.failure) {
      throw this.failure;
    }
  }

  settle(message: KafkaMessage, { kind }: RunResult): void {
    this.parts.ledger.settle(message, kind === 'fail');
    this.parts.settlement.wake();
  }

  /** Rejects when Kafka does not take the last commit in time: what it held comes again. */
  async close(): Promise<void> {
    const { closeTimeoutMs } = this.options;
    const patience = new AbortController();
    try {
      await Promise.race([this.parts.settlement.flush(), this.overdue(closeTimeoutMs, patience.signal)]);
    } finally {
      patience.abort();
      this.parts.ended.abort();
      await this.parts.disconnect();
    }
    if (this.failure) {
      throw this.failure;
    }
  }

  /** Nothing is read at the moment, and all that was read is committed. */
  get isSettled(): boolean {
    return !this.isReading && this.parts.ledger.bufferedBytes === 0;
  }

  /** There is room again. */
  progressed(): void {
    this.changed.notify();
  }

  /** Ends `run`, or the closing, with this error. */
  fail(error: unknown): void {
    if (!this.parts.ended.signal.aborted) {
      this.failure = inOptionNames(error);
      this.parts.ended.abort(this.failure);
    }
  }

  private async read(
    dispatch: ConsumerDispatchHandler<KafkaMessage>,
    signal: AbortSignal,
    isStopping: () => boolean,
  ): Promise<void> {
    this.isReading = true;
    try {
      await this.step(dispatch, signal, isStopping);
    } finally {
      this.isReading = false;
    }
  }

  private async step(
    dispatch: ConsumerDispatchHandler<KafkaMessage>,
    signal: AbortSignal,
    isStopping: () => boolean,
  ): Promise<void> {
    const room = this.options.maxBufferedBytes - this.parts.ledger.bufferedBytes;
    if (room < MIN_ROOM_BYTES && this.parts.ledger.bufferedBytes > 0) {
      await this.changed.next(signal);
      return;
    }
    const chunks = await this.parts.reader.poll(
      Math.min(Math.max(room, MIN_ROOM_BYTES), MAX_FETCH_BYTES),
      signal,
      isStopping,
    );
    for (const chunk of chunks) {
      if (!isStopping()) {
        await this.consume(chunk, dispatch, isStopping);
      }
    }
  }

  private async consume(
    chunk: SourceChunk,
    dispatch: ConsumerDispatchHandler<KafkaMessage>,
    isStopping: () => boolean,
  ): Promise<void> {
    const { source, ledger, settlement } = this.parts;
    const { partition, lease, fetchOffset } = chunk;
    const cursor = new RecordCursor(chunk.records, fetchOffset, chunk.aborted, {
      maxDecompressedBytes: this.options.maxBatchBytes,
    });
    if (!source.holds(partition, lease)) {
      return;
    }
    while (cursor.next()) {
      const message = this.messageAt(cursor, partition);
      ledger.add(message, cursor.recordEnd - cursor.recordStart);
      const pending = dispatch(message);
      if (pending) {
        await pending;
        if (isStopping() || !source.holds(partition, lease)) {
          return;
        }
      }
    }
    if (cursor.nextOffset > fetchOffset) {
      ledger.passed(partition, cursor.nextOffset);
      settlement.wake();
    }
  }

  private messageAt(cursor: RecordCursor, partition: number): KafkaMessage {
    const { bytes, offset, timestamp, keyStart, keyLength, headersStart } = cursor;
    const key = keyLength < 0 ? null : bytes.subarray(keyStart, keyStart + keyLength);
    const { topic } = this.options;
    return new KafkaMessage({ topic, partition, offset, timestamp, key, value: cursor.value() }, bytes, headersStart);
  }

  private async overdue(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await delay(timeoutMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) {
      const text = `Kafka did not take the last commit within ${timeoutMs} ms (closeTimeoutMs): what it held comes again.`;
      throw new CodedError('COMMIT_OVERDUE', text, { retryable: true, logLevel: 'warn' });
    }
  }
}

/** A wait that the stop has cut short is no fault. */
function isEndOfWait(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error as Error).cause === reason);
}
