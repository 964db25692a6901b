import { KafkaFault } from '../wire/kafka-fault.js';
import type { KafkaWire } from '../wire/kafka-wire.js';

/** Partition counts of the topics that records are written to, as of the last `prepare`. */
export class OutputTopics {
  private readonly counts = new Map<string, number>();

  constructor(private readonly wire: Pick<KafkaWire, 'metadata'>) {}

  /** Throws a KafkaFault when one of them does not exist or nobody answers. */
  async prepare(topics: readonly string[]): Promise<void> {
    const metadata = await this.wire.metadata([...topics]);
    for (const topic of topics) {
      const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
      if (count === 0) {
        throw new KafkaFault('UNKNOWN_TOPIC_OR_PARTITION', 'transient', `Topic ${topic} does not exist`);
      }
      this.counts.set(topic, count);
    }
  }

  partitionCount(topic: string): number {
    const count = this.counts.get(topic);
    if (count === undefined) {
      throw new Error(`partitions of ${topic} were not looked up`);
    }
    return count;
  }
}
