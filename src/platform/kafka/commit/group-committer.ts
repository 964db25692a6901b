import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs } from '../../../domain/back-off.js';
import type { CommitProducer, GroupMember, OffsetCommit } from '../wire/commit-producer.js';
import type { GroupOffsets } from '../wire/group-offsets.js';
import { toKafkaFault, type KafkaFault } from '../wire/kafka-fault.js';
import { RecordRefused } from '../wire/leader-writer.js';
import type { CommitUnit } from './commit-unit.js';
import { RecordLimits } from './record-limits.js';

export interface GroupCommitterPorts {
  /** The member of the last settled generation. */
  member(): GroupMember;
  /** Resolves when another generation than this member's is settled; what was lost has left the unit by then. */
  afterGeneration(member: GroupMember, signal: AbortSignal): Promise<void>;
  /** Loads what has to be known of the topics before records are written; throws a KafkaFault. */
  prepareTopics(topics: readonly string[]): Promise<void>;
  /** Id of the input topic, kept with each offset. */
  topicId(): string;
  /** Kafka has to be waited for because of this; undefined: it moves again. */
  onWaiting(fault: KafkaFault | undefined): void;
  onCommitted(seconds: number): void;
}

export interface GroupCommitterOptions {
  inputTopic: string;
  maxBatchBytes: number;
}

/**
 * Writes records and the offsets that they stand for, however often it takes: in one transaction, or, at least once, the
 * records before the offsets. A fault that passes is waited out, a rebalance leads to another attempt with what is still
 * held, a record that Kafka refuses is found by halves. Throws the KafkaFault that nothing of this mends, `fenced` when
 * another holder of the producer's id exists; nothing of the unit is committed then. One call at a time.
 */
export class GroupCommitter {
  private readonly recordLimits = new RecordLimits();
  /** What the last attempt produced: a place in it means a record only as long as none was lost since. */
  private producedCount = 0;

  constructor(
    private readonly producer: CommitProducer,
    private readonly offsets: Pick<GroupOffsets, 'committed'>,
    private readonly ports: GroupCommitterPorts,
    private readonly options: GroupCommitterOptions,
  ) {}

  /** Before the first commit, and before offsets are read: ends what an earlier holder of the producer's id left open. */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.patiently(() => this.producer.initialise(), signal);
    this.ports.onWaiting(undefined);
  }

  async commit(unit: CommitUnit, signal: AbortSignal): Promise<void> {
    for (let failures = 0; ;) {
      const as = this.ports.member();
      const ended = unit.watch?.();
      try {
        await this.attempt(unit, as);
        ended?.();
        break;
      } catch (error) {
        const fault = toKafkaFault(error, 'committing');
        ended?.(fault.code);
        failures = fault.kind === 'transient' ? failures + 1 : failures;
        if (await this.recover(unit, fault, as, failures, signal)) {
          break;
        }
      }
    }
    this.recordLimits.clear();
    this.ports.onWaiting(undefined);
  }

  private async attempt(unit: CommitUnit, member: GroupMember): Promise<void> {
    const offsets = this.offsetsOf(unit);
    if (offsets.length === 0) {
      unit.seal();
      return;
    }
    await this.ports.prepareTopics(unit.topics());
    const started = performance.now();
    const outgoing = unit.encode({
      maxBatchBytes: this.options.maxBatchBytes,
      maxRecordsOf: (...batch) => this.recordLimits.maxRecordsOf(...batch),
    });
    this.producedCount = outgoing.recordCount;
    unit.seal();
    await this.producer.commit(outgoing, offsets, member);
    this.ports.onCommitted((performance.now() - started) / 1000);
  }

  /** Makes the next attempt possible. True when it turns out that the unit is committed already. */
  private async recover(
    unit: CommitUnit,
    fault: KafkaFault,
    member: GroupMember,
    failures: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    switch (fault.kind) {
      case 'fenced':
      case 'authorization':
      case 'refused':
      case 'fatal':
        throw fault;
      case 'record':
        await this.reinitialise(signal);
        this.isolate(unit, fault);
        return false;
      case 'rebalance':
        await this.reinitialise(signal);
        await this.ports.afterGeneration(member, signal);
        return false;
      case 'transient': {
        const isUnknown = this.producer.isOutcomeUnknown;
        this.ports.onWaiting(fault);
        await delay(backOffMs(failures, 0), undefined, { signal });
        await this.reinitialise(signal);
        if (isUnknown && (await this.isCommitted(unit, signal))) {
          this.producer.confirm();
          return true;
        }
        return false;
      }
    }
  }

  /** Aborts what is open, however long Kafka takes to answer. */
  private async reinitialise(signal: AbortSignal): Promise<void> {
    await this.patiently(() => this.producer.recover(), signal);
  }

  private async patiently(call: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        await call();
        return;
      } catch (error) {
        const fault = toKafkaFault(error, 'initialising the producer');
        if (fault.kind !== 'transient') {
          throw fault;
        }
        this.ports.onWaiting(fault);
        await delay(backOffMs(failures, 0), undefined, { signal });
      }
    }
  }

  /** After an unknown outcome: the offsets of the group tell whether the commit took place. */
  private async isCommitted(unit: CommitUnit, signal: AbortSignal): Promise<boolean> {
    const targets = this.offsetsOf(unit);
    const partitions = targets.map((target) => target.partition);
    for (let failures = 1; ; failures++) {
      try {
        const committed = await this.offsets.committed(this.options.inputTopic, partitions, signal);
        return targets.every((target) => (committed.get(target.partition)?.offset ?? -1) >= target.offset);
      } catch (error) {
        const fault = toKafkaFault(error, 'reading the offsets after an unknown outcome');
        if (fault.kind !== 'transient') {
          throw fault;
        }
        await delay(backOffMs(failures, 0), undefined, { signal });
      }
    }
  }

  private offsetsOf(unit: CommitUnit): OffsetCommit[] {
    const { inputTopic: topic } = this.options;
    const metadata = this.ports.topicId();
    return [...unit.nextOffsets()].map(([partition, offset]) => ({ topic, partition, offset, metadata }));
  }

  /** The broker refused a batch: halve its size until the culprit stands alone, then the unit replaces it. */
  private isolate(unit: CommitUnit, fault: KafkaFault): void {
    if (!(fault instanceof RecordRefused)) {
      throw fault;
    }
    const { topic, partition, firstIndex, count } = fault;
    if (count > 1) {
      this.recordLimits.halve(fault);
      return;
    }
    if (unit.count() !== this.producedCount) {
      // Partitions were lost meanwhile, and the places moved: if the culprit is still held it is refused again.
      return;
    }
    switch (unit.replace(fault)) {
      case 'moved':
        this.recordLimits.lift(topic, partition, firstIndex);
        return;
      case 'shortened':
        this.recordLimits.lift(topic, partition, firstIndex + 1);
        return;
    }
  }
}
