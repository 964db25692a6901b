import { listOffsetsV7, offsetCommitV8, offsetFetchV8 } from '@platformatic/kafka';
import { setTimeout as delay } from 'node:timers/promises';
import { KafkaFault, toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import { offsetsByTopic } from './offsets-by-topic.js';
import type { GroupMember, OffsetCommit } from './commit-producer.js';

export interface CommittedOffset {
  /** The next offset to fetch. */
  offset: number;
  metadata: string;
}

export type LogEnd = 'earliest' | 'latest';

const UNSTABLE_DELAY_MS = 50;
const READ_COMMITTED = 1;
const timestamps: Readonly<Record<LogEnd, bigint>> = { earliest: -2n, latest: -1n };

/** Reads and writes offsets of a group, and the ends of partitions. */
export class GroupOffsets {
  constructor(
    private readonly wire: KafkaWire,
    private readonly groupId: string,
  ) {}

  /**
   * Committed offsets, never older than a transaction that is still being finished: an answer that says so is asked
   * for again until the signal ends it. A partition without a committed offset is absent from the map.
   */
  async committed(
    topic: string,
    partitions: readonly number[],
    signal: AbortSignal,
  ): Promise<Map<number, CommittedOffset>> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.fetchStable(topic, partitions);
      } catch (error) {
        const fault = toKafkaFault(error, `reading the offsets of group ${this.groupId}`);
        if (fault.code !== 'UNSTABLE_OFFSET_COMMIT') {
          this.wire.forgetCoordinator('group', this.groupId);
          throw fault;
        }
        await delay(UNSTABLE_DELAY_MS);
      }
    }
  }

  /** A plain commit: where reading starts, and what was done at least once. */
  async commit(offsets: readonly OffsetCommit[], member: GroupMember): Promise<void> {
    const topics = offsetsByTopic(offsets);
    try {
      const connection = await this.wire.coordinator('group', this.groupId);
      await offsetCommitV8.api.async(connection, this.groupId, member.generationId, member.memberId, null, topics);
    } catch (error) {
      this.wire.forgetCoordinator('group', this.groupId);
      throw toKafkaFault(error, `committing offsets of group ${this.groupId}`);
    }
  }

  /** The first or the end offset (last stable) of each partition. */
  async logEnds(topic: string, partitions: readonly number[], end: LogEnd): Promise<Map<number, number>> {
    const { topics } = await this.wire.metadata([topic]);
    const byLeader = Map.groupBy(partitions, (partition) => topics.get(topic)?.partitions[partition]?.leader ?? -1);
    const ends = new Map<number, number>();
    for (const [leader, list] of byLeader) {
      await this.logEndsOf(leader, topic, list, end, ends);
    }
    return ends;
  }

  private async logEndsOf(leader: number, topic: string, partitions: number[], end: LogEnd, ends: Map<number, number>) {
    if (leader < 0) {
      this.wire.forgetMetadata();
      throw new KafkaFault('LEADER_NOT_AVAILABLE', 'transient', `A partition of ${topic} has no leader`);
    }
    const asked = partitions.map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: -1,
      timestamp: timestamps[end],
    }));
    try {
      const connection = await this.wire.broker(leader);
      const answer = await listOffsetsV7.api.async(connection, -1, READ_COMMITTED, [
        { name: topic, partitions: asked },
      ]);
      for (const partition of answer.topics.flatMap((at) => at.partitions)) {
        ends.set(partition.partitionIndex, Number(partition.offset));
      }
    } catch (error) {
      this.wire.forgetMetadata();
      throw toKafkaFault(error, `reading the ${end} offsets of ${topic}`);
    }
  }

  private async fetchStable(topic: string, partitions: readonly number[]): Promise<Map<number, CommittedOffset>> {
    const connection = await this.wire.coordinator('group', this.groupId);
    const request = [
      {
        groupId: this.groupId,
        memberId: null,
        memberEpoch: -1,
        topics: [{ name: topic, partitionIndexes: [...partitions] }],
      },
    ];
    const answer = await offsetFetchV8.api.async(connection, request, true);
    const found = new Map<number, CommittedOffset>();
    for (const partition of answer.groups.flatMap((group) => group.topics).flatMap((at) => at.partitions)) {
      if (partition.committedOffset >= 0n) {
        found.set(partition.partitionIndex, {
          offset: Number(partition.committedOffset),
          metadata: partition.metadata ?? '',
        });
      }
    }
    return found;
  }
}
