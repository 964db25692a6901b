import { randomUUID } from 'node:crypto';
import type { ContextHandler } from '../../../stream/context-handler.js';
import { fail, next } from '../../../stream/outcome.js';
import { lineLogger } from '../../../stream/stream-logger.js';
import { GroupCommitter } from '../commit/group-committer.js';
import { OutputTopics } from '../commit/output-topics.js';
import type { KafkaConnection } from '../kafka-connection.js';
import { PartitionSource } from '../source/partition-source.js';
import { PatientReader } from '../source/patient-reader.js';
import type { CommitProducer, GroupMember } from '../wire/commit-producer.js';
import { GroupOffsets } from '../wire/group-offsets.js';
import { IdempotentProducer } from '../wire/idempotent-producer.js';
import { KafkaWire } from '../wire/kafka-wire.js';
import { TransactionalProducer } from '../wire/transactional-producer.js';
import { ErrorRecords } from './error-records.js';
import { KafkaErrorSink } from './kafka-error-sink.js';
import type { KafkaMessage } from './kafka-message.js';
import type { KafkaOutput } from './kafka-output.js';
import { KafkaSink } from './kafka-sink.js';
import { KafkaSource } from './kafka-source.js';
import { connectionOf, requireOptions, type KafkaStreamOptions } from './kafka-stream-options.js';
import { MessageLedger } from './message-ledger.js';
import { SettlementLoop } from './settlement-loop.js';
import { StreamLog } from './stream-log.js';

/** Kafka's own default for the largest record batch; a larger record travels alone. */
const MAX_BATCH_BYTES = 900_000;
const MAX_FETCH_WAIT_MS = 500;
const MAX_PARTITION_FETCH_BYTES = 2 * 1024 * 1024;
const REBALANCE_TIMEOUT_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
const NO_MEMBER: GroupMember = { groupId: '', generationId: -1, memberId: '' };

/** The part of a context that writing back needs: the message that it was made of. */
export interface MessageContext {
  readonly message: KafkaMessage;
}

/**
 * Kafka on both ends of a StreamApp: a source that reads a topic as a member of a consumer group, a sink for outputs and one
 * for failed messages. The three belong together, because what is written for a message and its offset are committed
 * together; see `transactional` for what that means after a crash. Serves one app, once; it connects when the app starts.
 */
export class KafkaStream {
  readonly source: KafkaSource;
  readonly sink: KafkaSink;
  private readonly ledger = new MessageLedger();
  private readonly errors: ErrorRecords | undefined;
  private readonly partitionSource: PartitionSource;
  private readonly settlement: SettlementLoop;
  private readonly committer: GroupCommitter;
  private readonly log: StreamLog;

  /** Throws a TypeError for an option that is missing. */
  constructor(options: KafkaStreamOptions) {
    requireOptions(options);
    const connection = connectionOf(options);
    const wire = new KafkaWire(connection, 'commit');
    const topics = new OutputTopics(wire);
    this.log = new StreamLog(options.logger ?? lineLogger((line) => process.stderr.write(line)), options.topic);
    this.errors = options.errorTopic ? new ErrorRecords(options.errorTopic) : undefined;
    this.sink = new KafkaSink(this.ledger);
    this.partitionSource = this.makePartitionSource(connection, options);
    this.committer = this.makeCommitter(wire, topics, options);
    const ended = new AbortController();
    const ports = { partitionCount: (topic: string) => topics.partitionCount(topic), errors: this.errors };
    const listener = {
      onCommitted: () => this.source.progressed(),
      onFailure: (error: unknown) => this.source.fail(error),
    };
    this.settlement = new SettlementLoop(this.ledger, this.committer, ports, listener, ended.signal);
    this.source = this.makeSource(wire, options, ended);
  }

  /** Takes failed messages to `errorTopic`. Throws a TypeError without one. */
  get errorSink(): KafkaErrorSink {
    if (!this.errors) {
      throw new TypeError('errorTopic must be named for errorSink; it was missing.');
    }
    return new KafkaErrorSink(this.ledger, this.errors);
  }

  /**
   * The usual last base handler: writes what `outputOf` makes of the context to the topic, with the message's offset, see
   * {@link KafkaSink}. Undefined writes nothing; what cannot be written fails the message. Costs no await.
   */
  produceTo<TContext extends MessageContext>(
    topic: string,
    outputOf: (ctx: TContext) => KafkaOutput | undefined,
  ): ContextHandler<TContext> {
    return (ctx) => {
      const output = outputOf(ctx);
      if (output === undefined) {
        return next;
      }
      try {
        this.sink.keep({ ...output, topic, message: ctx.message });
        return next;
      } catch (error) {
        return fail(error);
      }
    };
  }

  private makePartitionSource(connection: KafkaConnection, options: KafkaStreamOptions): PartitionSource {
    const { groupId, topic, startAt = 'earliest', sessionTimeoutMs = 10_000 } = options;
    return new PartitionSource(
      connection,
      {
        ...{ groupId, topic, autoOffsetReset: startAt, sessionTimeoutMs, rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS },
        ...{ maxWaitMs: MAX_FETCH_WAIT_MS, maxPartitionBytes: MAX_PARTITION_FETCH_BYTES },
      },
      {
        onLost: (isLost) => {
          this.settlement.lose(isLost);
          this.source.progressed();
        },
        onEvent: (event) => this.log.sourceEvent(event),
      },
    );
  }

  private makeCommitter(wire: KafkaWire, topics: OutputTopics, options: KafkaStreamOptions): GroupCommitter {
    const { partitionSource } = this;
    const offsets = new GroupOffsets(wire, options.groupId);
    return new GroupCommitter(
      producerOf(wire, offsets, options),
      offsets,
      {
        member: () => partitionSource.member ?? NO_MEMBER,
        afterGeneration: ({ generationId, memberId }, signal) =>
          partitionSource.afterGeneration(generationId, memberId, signal),
        prepareTopics: (names) => topics.prepare(names),
        topicId: () => partitionSource.topicId,
        onWaiting: (fault) => this.log.waiting('writing', fault),
        onCommitted: () => undefined,
      },
      { inputTopic: options.topic, maxBatchBytes: MAX_BATCH_BYTES },
    );
  }

  private makeSource(wire: KafkaWire, options: KafkaStreamOptions, ended: AbortController): KafkaSource {
    const { ledger, settlement, partitionSource: source } = this;
    const { topic, maxBufferedBytes = 32 * MEBIBYTE, maxBatchBytes = 64 * MEBIBYTE, closeTimeoutMs = 10_000 } = options;
    return new KafkaSource(
      {
        ...{ source, ledger, settlement, ended },
        reader: new PatientReader(source, (fault) => this.log.waiting('reading', fault)),
        prepare: (signal) => this.committer.prepare(signal),
        disconnect: async () => {
          await Promise.allSettled([source.close(), wire.close()]);
        },
      },
      { topic, maxBufferedBytes, maxBatchBytes, closeTimeoutMs },
    );
  }
}

function producerOf(wire: KafkaWire, offsets: GroupOffsets, options: KafkaStreamOptions): CommitProducer {
  const { groupId, transactional = false, transactionTimeoutMs = 10_000, requestTimeoutMs = 10_000 } = options;
  if (!transactional) {
    return new IdempotentProducer(wire, offsets, { requestTimeoutMs });
  }
  const transactionalId = options.transactionalId ?? `${groupId}-${randomUUID()}`;
  return new TransactionalProducer(wire, { transactionalId, transactionTimeoutMs, requestTimeoutMs });
}
