import type { OffsetCommit } from './commit-producer.js';

interface TopicOffsets {
  name: string;
  partitions: {
    partitionIndex: number;
    committedOffset: bigint;
    committedLeaderEpoch: number;
    committedMetadata: string;
  }[];
}

/** Offsets in the form that both commit requests take, the plain one and that of a transaction. */
export function offsetsByTopic(offsets: readonly OffsetCommit[]): TopicOffsets[] {
  return [...Map.groupBy(offsets, (at) => at.topic)].map(([name, list]) => ({
    name,
    partitions: list.map((at) => ({
      partitionIndex: at.partition,
      committedOffset: BigInt(at.offset),
      committedLeaderEpoch: -1,
      committedMetadata: at.metadata,
    })),
  }));
}
