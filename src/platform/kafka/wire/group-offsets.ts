import { offsetCommitV8, offsetFetchV8 } from '@platformatic/kafka';
import { setTimeout as delay } from 'node:timers/promises';
import { toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import { type LogEnd, LogEnds } from './log-ends.js';
import { offsetsByTopic } from './offsets-by-topic.js';
import type { GroupMember, OffsetCommit } from './commit-producer.js';

export interface CommittedOffset {
  /** The next offset to fetch. */
  offset: number;
  metadata: string;
}

const UNSTABLE_DELAY_MS = 50;

/** Reads and writes offsets of a group, and the ends of partitions. */
export class GroupOffsets {
  private readonly ends: LogEnds;

  constructor(
    private readonly wire: KafkaWire,
    private readonly groupId: string,
  ) {
    this.ends = new LogEnds(wire);
  }

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
    return this.ends.of(topic, partitions, end);
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
