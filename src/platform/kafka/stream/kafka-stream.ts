import { randomUUID } from 'node:crypto';
import type { ContextHandler } from '../../../stream/context-handler.js';
import { fail, next } from '../../../stream/outcome.js';
import type { Sink } from '../../../stream/sink.js';
import type { Source } from '../../../stream/source.js';
import type { FailedMessage } from '../../../stream/stream-app-options.js';
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
import type { KafkaDelivery, KafkaOutput } from './kafka-output.js';
import { KafkaSink } from './kafka-sink.js';
import { KafkaSource } from './kafka-source.js';
import type { KafkaStreamOptions } from './kafka-stream-options.js';
import { MessageLedger } from './message-ledger.js';
import { SettlementLoop } from './settlement-loop.js';
import { connectionOf, requireOptions } from './stream-connection.js';
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
  private readonly kafkaSource: KafkaSource;
  private readonly kafkaSink: KafkaSink;
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
    this.kafkaSink = new KafkaSink(this.ledger);
    this.partitionSource = this.makePartitionSource(connection, options);
    this.committer = this.makeCommitter(wire, topics, options);
    const ended = new AbortController();
    const ports = { partitionCount: (topic: string) => topics.partitionCount(topic), errors: this.errors };
    const listener = {
      onCommitted: () => this.kafkaSource.progressed(),
      onFailure: (error: unknown) => this.kafkaSource.fail(error),
    };
    this.settlement = new SettlementLoop(this.ledger, this.committer, ports, listener, ended.signal);
    this.kafkaSource = this.makeSource(wire, options, ended);
  }

  /**
   * The records of the topic, those of one partition in order, no more than there is room for. An offset is committed when
   * every message at and below it in its partition has settled and what was written for them is acknowledged; partitions
   * do not wait for each other. What another member of the group takes over is neither written nor committed here any
   * more.
   *
   * Faults of Kafka that pass, missing topics among them, are logged and waited out. One that an operator has to mend ends
   * the app, as does another process with the same `transactionalId`.
   */
  get source(): Source<KafkaMessage> {
    return this.kafkaSource;
  }

  /**
   * Takes outputs, each with the message that it was made of, which must not have settled. They are kept, so that `send`
   * resolves at once, and written when the message has settled: outputs of one input partition leave in the order of its
   * messages, however many are worked on at the same time, and those of a message that fails are not written. When Kafka
   * refuses an output, for its size for example, the message goes to the error topic in its stead; without an error topic
   * the app ends.
   */
  get sink(): Sink<KafkaDelivery> {
    return this.kafkaSink;
  }

  /**
   * Takes failed messages to `errorTopic`, written like an output: key, value and headers as they were, and headers that
   * say why (`__error_code`, `__error_reason`, `__error_is_bug`, `__error_time`, `__source_topic`, `__source_partition`,
   * `__source_offset`, `__source_timestamp`, and the names that Kafka Connect uses). Throws a TypeError when no errorTopic
   * is named.
   */
  get errorSink(): Sink<FailedMessage<KafkaMessage>> {
    if (!this.errors) {
      throw new TypeError('errorTopic must be named for errorSink; it was missing.');
    }
    return new KafkaErrorSink(this.ledger, this.errors);
  }

  /**
   * The usual last base handler: writes what `outputOf` makes of the context to the topic, with the message's offset, see
   * `sink`. Undefined writes nothing; what cannot be written fails the message. Costs no await.
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
        this.kafkaSink.keep({ ...output, topic, message: ctx.message });
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
        isSettled: () => this.kafkaSource.isSettled,
        onLost: (isLost) => {
          this.settlement.lose(isLost);
          this.kafkaSource.progressed();
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
