import { GroupCommitter } from '../../../platform/kafka/commit/group-committer.js';
import type { CommitProducer, GroupMember } from '../../../platform/kafka/wire/commit-producer.js';
import type { GroupOffsets } from '../../../platform/kafka/wire/group-offsets.js';
import { KafkaFault } from '../../../platform/kafka/wire/kafka-fault.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { endedByKafka, waitingForKafka } from '../kafka-trouble.js';
import { TaskMoved } from '../task-fault.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import type { WaitingCause } from '../waiting-cause.js';
import { BatchGroup } from './batch-group.js';
import type { OutgoingEncoder } from './outgoing-encoder.js';

export interface CommitterPorts {
  /** Where Kafka is, for the cause of a fault. */
  brokers: string;
  /** The member of the last settled generation. */
  member(): GroupMember;
  /** Resolves when another generation than this member's is settled; what was lost is marked in the batches by then. */
  afterGeneration(member: GroupMember, signal: AbortSignal): Promise<void>;
  /** Loads what the encoder has to know of the topics; throws a KafkaFault. */
  prepareTopics(topics: readonly string[]): Promise<void>;
  /** Id of the input topic, kept with each offset. */
  topicId(): string;
  /** Undefined: it moves again. */
  onWaiting(cause: WaitingCause | undefined): void;
  onTransaction(seconds: number): void;
  /** Undefined while tracing is off. */
  tracer?: FlowTracer;
}

export interface CommitterOptions {
  inputTopic: string;
  errorTopic: string;
  maxBatchBytes: number;
}

/**
 * Writes output records, error records and offsets of a group of final batches, see {@link GroupCommitter}. Throws a
 * TaskFault when it cannot, a TaskMoved when another holder of the task exists; nothing of the group is committed then.
 */
export class Committer {
  private readonly committer: GroupCommitter;

  constructor(
    producer: CommitProducer,
    offsets: GroupOffsets,
    private readonly encoder: OutgoingEncoder,
    private readonly ports: CommitterPorts,
    private readonly options: CommitterOptions,
  ) {
    const { brokers } = ports;
    this.committer = new GroupCommitter(
      producer,
      offsets,
      {
        member: () => ports.member(),
        afterGeneration: (member, signal) => ports.afterGeneration(member, signal),
        prepareTopics: (topics) => ports.prepareTopics(topics),
        topicId: () => ports.topicId(),
        onWaiting: (fault) => ports.onWaiting(fault && waitingForKafka(fault, brokers)),
        onCommitted: (seconds) => ports.onTransaction(seconds),
      },
      options,
    );
  }

  async commit(group: readonly FlowBatch[], signal: AbortSignal): Promise<void> {
    const { tracer } = this.ports;
    try {
      await this.committer.commit(new BatchGroup(group, this.encoder, this.options.errorTopic, tracer), signal);
    } catch (error) {
      if (!(error instanceof KafkaFault)) {
        throw error;
      }
      throw error.kind === 'fenced' ? new TaskMoved(error) : endedByKafka(error);
    }
    tracer?.committed(group);
  }
}
