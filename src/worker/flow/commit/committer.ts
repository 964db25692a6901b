import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOffsets } from '../../../platform/kafka/wire/group-offsets.js';
import { toKafkaFault, type KafkaFault } from '../../../platform/kafka/wire/kafka-fault.js';
import { RecordRefused } from '../../../platform/kafka/wire/leader-writer.js';
import type { CommitProducer, GroupMember, OffsetCommit } from '../../../platform/kafka/wire/commit-producer.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { backOffMs } from '../bulk/back-off.js';
import { ItemState } from '../batch/item-state.js';
import { endedByKafka, waitingForKafka } from '../kafka-trouble.js';
import { TaskFault, TaskMoved } from '../task-fault.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import type { WaitingCause } from '../waiting-cause.js';
import type { BatchLimits } from '../../../platform/kafka/wire/outgoing-batches.js';
import type { OutgoingEncoder } from './outgoing-encoder.js';
import { RecordLimits } from './record-limits.js';

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
 * Writes output records, error records and offsets of a group of final batches: in one transaction, or, at least once, the
 * records before the offsets. Throws a TaskFault
 * when it cannot, a TaskMoved when another holder of the task exists; nothing of the group is committed then.
 */
export class Committer {
  private readonly recordLimits = new RecordLimits();
  /** What the last attempt produced: a place in it means an item only as long as none was lost since. */
  private producedCount = 0;

  constructor(
    private readonly producer: CommitProducer,
    private readonly offsets: GroupOffsets,
    private readonly encoder: OutgoingEncoder,
    private readonly ports: CommitterPorts,
    private readonly options: CommitterOptions,
  ) {}

  async commit(group: readonly FlowBatch[], signal: AbortSignal): Promise<void> {
    for (let failures = 0; ;) {
      const as = this.ports.member();
      const endSpan = this.ports.tracer?.startCommit(group);
      try {
        await this.attempt(group, as);
        endSpan?.();
        break;
      } catch (error) {
        const fault = toKafkaFault(error, 'committing');
        endSpan?.(fault.code);
        failures = fault.kind === 'transient' ? failures + 1 : failures;
        if (await this.recover(group, fault, as, failures, signal)) {
          break;
        }
      }
    }
    this.ports.tracer?.committed(group);
    this.recordLimits.clear();
    this.ports.onWaiting(undefined);
  }

  private async attempt(group: readonly FlowBatch[], member: GroupMember): Promise<void> {
    const offsets = this.offsetsOf(group);
    if (offsets.length === 0) {
      seal(group);
      return;
    }
    await this.ports.prepareTopics(this.encoder.topicsOf(group));
    const started = performance.now();
    const { maxBatchBytes } = this.options;
    const limits: BatchLimits = {
      maxBatchBytes,
      maxRecordsOf: (...batch) => this.recordLimits.maxRecordsOf(...batch),
    };
    const outgoing = this.encoder.encode(group, limits, Date.now());
    this.producedCount = outgoing.recordCount;
    seal(group);
    await this.producer.commit(outgoing, offsets, member);
    this.ports.onTransaction((performance.now() - started) / 1000);
  }

  /** Makes the next attempt possible. True when it turns out that the group is committed already. */
  private async recover(
    group: readonly FlowBatch[],
    fault: KafkaFault,
    member: GroupMember,
    failures: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    switch (fault.kind) {
      case 'fenced':
        throw new TaskMoved(fault);
      case 'authorization':
      case 'refused':
      case 'fatal':
        throw endedByKafka(fault);
      case 'record':
        await this.reinitialise(signal);
        this.isolate(group, fault);
        return false;
      case 'rebalance':
        await this.reinitialise(signal);
        await this.ports.afterGeneration(member, signal);
        return false;
      case 'transient': {
        const isUnknown = this.producer.isOutcomeUnknown;
        this.ports.onWaiting(waitingForKafka(fault, this.ports.brokers));
        await delay(backOffMs(failures, 0), undefined, { signal });
        await this.reinitialise(signal);
        if (isUnknown && (await this.isCommitted(group, signal))) {
          this.producer.confirm();
          return true;
        }
        return false;
      }
    }
  }

  /** Aborts what is open, however long Kafka takes to answer. */
  private async reinitialise(signal: AbortSignal): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        await this.producer.recover();
        return;
      } catch (error) {
        const fault = toKafkaFault(error, 'initialising the transactional id');
        if (fault.kind === 'fenced') {
          throw new TaskMoved(fault);
        }
        if (fault.kind !== 'transient') {
          throw endedByKafka(fault);
        }
        this.ports.onWaiting(waitingForKafka(fault, this.ports.brokers));
        await delay(backOffMs(failures, 0), undefined, { signal });
      }
    }
  }

  /** After an unknown outcome: the offsets of the group tell whether the transaction took place. */
  private async isCommitted(group: readonly FlowBatch[], signal: AbortSignal): Promise<boolean> {
    const targets = this.offsetsOf(group);
    const partitions = targets.map((target) => target.partition);
    for (let failures = 1; ; failures++) {
      try {
        const committed = await this.offsets.committed(this.options.inputTopic, partitions, signal);
        return targets.every((target) => (committed.get(target.partition)?.offset ?? -1) >= target.offset);
      } catch (error) {
        const fault = toKafkaFault(error, 'reading the offsets after an unknown outcome');
        if (fault.kind !== 'transient') {
          throw endedByKafka(fault);
        }
        await delay(backOffMs(failures, 0), undefined, { signal });
      }
    }
  }

  private offsetsOf(group: readonly FlowBatch[]): OffsetCommit[] {
    const merged = new Map<number, number>();
    for (const batch of group) {
      for (const [partition, offset] of batch.nextOffsets) {
        merged.set(partition, offset);
      }
    }
    const { inputTopic: topic } = this.options;
    const metadata = this.ports.topicId();
    return [...merged].map(([partition, offset]) => ({ topic, partition, offset, metadata }));
  }

  /** The broker refused a batch: halve its size until the culprit stands alone, then it goes to the error topic. */
  private isolate(group: readonly FlowBatch[], fault: KafkaFault): void {
    if (!(fault instanceof RecordRefused)) {
      throw endedByKafka(fault);
    }
    const { topic, partition, firstIndex, count } = fault;
    if (count > 1) {
      this.recordLimits.halve(fault);
      return;
    }
    if (this.encoder.count(group) !== this.producedCount) {
      // Partitions were lost meanwhile, and the places moved: if the culprit is still held it is refused again.
      return;
    }
    const culprit = this.encoder.locate(group, topic, partition, firstIndex);
    if (!culprit) {
      throw endedByKafka(fault);
    }
    const { batch, item } = culprit;
    if (topic !== this.options.errorTopic) {
      batch.settle(item, ItemState.Rejected, {
        code: 'FORWARD_REFUSED',
        reason: fault.message,
        stage: 'forward',
        indexed: true,
      });
      this.recordLimits.lift(topic, partition, firstIndex);
    } else if (batch.truncated.has(item)) {
      throw new TaskFault(
        'KAFKA_ERROR_TOPIC_REFUSES',
        `${fault.message}: raise max.message.bytes of ${topic}`,
        false,
        fault,
      );
    } else {
      batch.truncated.add(item);
      this.recordLimits.lift(topic, partition, firstIndex + 1);
    }
  }
}

/** What is lost from here on may be in the transaction all the same: what is counted is what it took. */
function seal(group: readonly FlowBatch[]): void {
  group.forEach((batch) => batch.seal());
}
