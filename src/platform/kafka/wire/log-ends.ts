import { listOffsetsV7 } from '@platformatic/kafka';
import { KafkaFault, toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';

export type LogEnd = 'earliest' | 'latest';

const READ_COMMITTED = 1;
const timestamps: Readonly<Record<LogEnd, bigint>> = { earliest: -2n, latest: -1n };

/** Where partitions begin and end, as a reader of committed records sees them. */
export class LogEnds {
  constructor(private readonly wire: KafkaWire) {}

  /** The first or the end offset (last stable) of each partition. Throws a KafkaFault. */
  async of(topic: string, partitions: readonly number[], end: LogEnd): Promise<Map<number, number>> {
    const { topics } = await this.wire.metadata([topic]);
    const byLeader = Map.groupBy(partitions, (partition) => topics.get(topic)?.partitions[partition]?.leader ?? -1);
    const ends = new Map<number, number>();
    for (const [leader, list] of byLeader) {
      await this.addOfLeader(leader, topic, list, end, ends);
    }
    return ends;
  }

  private async addOfLeader(
    leader: number,
    topic: string,
    partitions: number[],
    end: LogEnd,
    ends: Map<number, number>,
  ): Promise<void> {
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
}
