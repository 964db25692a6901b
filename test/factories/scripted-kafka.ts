import { KafkaFault, type KafkaFaultKind } from '../../src/platform/kafka/wire/kafka-fault.js';
import type { CommittedOffset, GroupOffsets } from '../../src/platform/kafka/wire/group-offsets.js';
import type { LogEnd } from '../../src/platform/kafka/wire/log-ends.js';
import type { OutgoingBatches } from '../../src/platform/kafka/wire/outgoing-batches.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { RecordRefused } from '../../src/platform/kafka/wire/leader-writer.js';
import type { CommitProducer, GroupMember, OffsetCommit } from '../../src/platform/kafka/wire/commit-producer.js';
import { drain, type ReadRecord } from './record-batches.js';

/** What becomes of one call of the producer; an empty one succeeds. */
export interface Step {
  fault?: KafkaFault;
  /** The broker carried the commit out before the fault. */
  isApplied?: boolean;
  /** The fault came after the end of the transaction was asked for. */
  isUnknown?: boolean;
  /** What happens elsewhere meanwhile. */
  meanwhile?: () => void | Promise<void>;
}

export function kafkaFault(kind: KafkaFaultKind, code = kind.toUpperCase()): KafkaFault {
  return new KafkaFault(code, kind, `Kafka answered ${code}`);
}

export const MEMBER: GroupMember = { groupId: 'g', generationId: 1, memberId: 'm' };

/**
 * Kafka as the commit path meets it: a transactional producer and the offsets of a group. It keeps what was committed,
 * refuses offsets of an old generation and a commit after a fault without recovering, and follows a script of faults.
 */
export class ScriptedKafka {
  /** `topic/partition` → what a reader of committed records finds. */
  readonly log = new Map<string, ReadRecord[]>();
  readonly offsets = new Map<number, CommittedOffset>();
  readonly ends: Record<LogEnd, number> = { earliest: 0, latest: 100 };
  commits = 0;
  recoveries = 0;
  offsetReads = 0;
  member = MEMBER;
  /** Why a record is refused; undefined when it is taken. */
  refusal: (topic: string, record: ReadRecord) => string | undefined = () => undefined;
  commitSteps: Step[] = [];
  recoverSteps: Step[] = [];
  readSteps: Step[] = [];
  /** Of commits of offsets alone. */
  offsetSteps: Step[] = [];
  private isOutcomeUnknown = false;
  private needsRecovery = false;

  get producer(): CommitProducer {
    const isOutcomeUnknown = () => this.isOutcomeUnknown;
    return {
      initialise: () => Promise.resolve(),
      commit: (batches, offsets, member) => this.commit(batches, offsets, member),
      recover: () => this.recover(),
      confirm: () => undefined,
      get isOutcomeUnknown() {
        return isOutcomeUnknown();
      },
    };
  }

  get groupOffsets(): GroupOffsets {
    const port: Pick<GroupOffsets, 'committed' | 'commit' | 'logEnds'> = {
      committed: (_topic, partitions) => this.committed(partitions),
      commit: (offsets, member) => this.commitOffsets(offsets, member),
      logEnds: (_topic, partitions, end) => Promise.resolve(new Map(partitions.map((each) => [each, this.ends[end]]))),
    };
    return port as GroupOffsets;
  }

  values(topic: string, partition: number): (string | null)[] {
    return (this.log.get(`${topic}/${partition}`) ?? []).map(({ value }) => value);
  }

  private async commit(batches: OutgoingBatches, offsets: readonly OffsetCommit[], member: GroupMember) {
    this.commits++;
    if (this.needsRecovery) {
      throw new Error('a commit after a fault needs the producer to recover first');
    }
    this.isOutcomeUnknown = false;
    // Until it is known to have succeeded.
    this.needsRecovery = true;
    const { fault, isApplied, isUnknown, meanwhile } = this.commitSteps.shift() ?? {};
    const written = this.read(batches);
    await meanwhile?.();
    if (fault && !isUnknown && !isApplied) {
      throw fault;
    }
    this.checkGeneration(member);
    if (!fault || isApplied) {
      written.forEach(([key, records]) => this.log.set(key, [...(this.log.get(key) ?? []), ...records]));
      this.take(offsets);
    }
    this.isOutcomeUnknown = isUnknown === true;
    if (fault) {
      throw fault;
    }
    this.needsRecovery = false;
  }

  private async commitOffsets(offsets: readonly OffsetCommit[], member: GroupMember): Promise<void> {
    const { fault, isApplied, meanwhile } = this.offsetSteps.shift() ?? {};
    await meanwhile?.();
    this.checkGeneration(member);
    if (!fault || isApplied) {
      this.take(offsets);
    }
    if (fault) {
      throw fault;
    }
  }

  private async recover(): Promise<void> {
    this.recoveries++;
    const { fault, meanwhile } = this.recoverSteps.shift() ?? {};
    await meanwhile?.();
    if (fault) {
      throw fault;
    }
    this.needsRecovery = false;
  }

  private async committed(partitions: readonly number[]): Promise<Map<number, CommittedOffset>> {
    this.offsetReads++;
    const { fault, meanwhile } = this.readSteps.shift() ?? {};
    await meanwhile?.();
    if (fault) {
      throw fault;
    }
    return new Map([...this.offsets].filter(([partition]) => partitions.includes(partition)));
  }

  private checkGeneration(member: GroupMember): void {
    if (member.generationId !== this.member.generationId) {
      throw kafkaFault('rebalance', 'ILLEGAL_GENERATION');
    }
  }

  private take(offsets: readonly OffsetCommit[]): void {
    for (const { partition, offset, metadata } of offsets) {
      this.offsets.set(partition, { offset, metadata });
    }
  }

  private read(batches: OutgoingBatches): [string, ReadRecord[]][] {
    return batches.partitions().map(({ topic, partition, writers }) => {
      const records: ReadRecord[] = [];
      for (const writer of writers) {
        const bytes = writer.finish({ id: 1n, epoch: 0 }, 0, true);
        const batch = drain(new RecordCursor(bytes, 0, [], { maxDecompressedBytes: 0 }));
        const reason = batch.map((record) => this.refusal(topic, record)).find((found) => found !== undefined);
        if (reason !== undefined) {
          const fault = kafkaFault('record', reason);
          throw new RecordRefused(fault, topic, partition, records.length, batch.length, null);
        }
        records.push(...batch);
      }
      return [`${topic}/${partition}`, records];
    });
  }
}
