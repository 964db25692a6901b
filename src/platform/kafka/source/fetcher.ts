import type { ClusterMetadata } from '@platformatic/kafka';
import { chooseFetchVersion, fetchRecords, type FetchedPartition } from '../wire/fetch-api.js';
import { faultFromCode, toKafkaFault, type KafkaFault } from '../wire/kafka-fault.js';
import type { KafkaWire } from '../wire/kafka-wire.js';

export interface FetcherOptions {
  topic: string;
  /** How long the broker may hold a request when there is nothing to read. */
  maxWaitMs: number;
  maxPartitionBytes: number;
}

/** Records of one partition with the offset that was asked for. */
export interface Fetched extends FetchedPartition {
  fetchOffset: number;
}

interface InFlight {
  answer: Promise<Fetched[]>;
}

/**
 * Asks the leaders for records, one request a broker at a time. It keeps no position of its own: the caller says where
 * each partition stands. A request that is under way when positions change is answered and thrown away by the caller.
 */
export class Fetcher {
  private readonly inFlight = new Map<number, InFlight>();

  constructor(
    private readonly wire: KafkaWire,
    private readonly options: FetcherOptions,
  ) {}

  /**
   * Starts a request to each leader that has none under way. `positions` are partition → next offset in the topic of
   * that id: a topic that was made anew under the same name answers UNKNOWN_TOPIC_ID.
   */
  async request(topicId: string, positions: ReadonlyMap<number, number>, maxBytes: number): Promise<void> {
    const { topic } = this.options;
    const metadata = await this.wire.metadata([topic]);
    const byLeader = Map.groupBy(positions, ([partition]) => leaderOf(metadata, topic, partition));
    for (const [leader, list] of byLeader) {
      if (leader < 0) {
        this.wire.forgetMetadata();
        continue;
      }
      if (!this.inFlight.has(leader)) {
        this.start(leader, topicId, list, Math.ceil(maxBytes / byLeader.size));
      }
    }
  }

  get isIdle(): boolean {
    return this.inFlight.size === 0;
  }

  /** The next answer of any broker; throws the KafkaFault of a request that failed. */
  async answer(): Promise<Fetched[]> {
    return Promise.race([...this.inFlight.values()].map(({ answer }) => answer));
  }

  private start(leader: number, topicId: string, list: [number, number][], maxBytes: number): void {
    const answer = this.fetch(leader, topicId, list, maxBytes);
    this.inFlight.set(leader, { answer });
    const done = () => this.inFlight.delete(leader);
    answer.then(done, done);
  }

  private async fetch(leader: number, topicId: string, list: [number, number][], maxBytes: number): Promise<Fetched[]> {
    const { maxWaitMs, maxPartitionBytes } = this.options;
    const partitions = list.map(([partition, fetchOffset]) => ({
      partition,
      fetchOffset,
      maxBytes: Math.min(maxPartitionBytes, maxBytes),
    }));
    try {
      const connection = await this.wire.broker(leader);
      const version = await chooseFetchVersion(this.wire);
      // The first partition of a request is served first: turning the list gives each its turn.
      const turned = rotate(partitions);
      const answers = await fetchRecords(connection, version, { maxWaitMs, maxBytes, topicId, partitions: turned });
      const offsets = new Map(list);
      return answers.map((answer) => ({ ...answer, fetchOffset: offsets.get(answer.partition) ?? -1 }));
    } catch (error) {
      this.wire.forgetMetadata();
      throw toKafkaFault(error, `fetching from ${this.options.topic}`);
    }
  }
}

/** Undefined when the answer holds records or nothing; else what is wrong with the partition. */
export function faultOf(fetched: Fetched, topic: string): KafkaFault | undefined {
  return fetched.errorCode === 0
    ? undefined
    : faultFromCode(fetched.errorCode, `fetching ${topic} partition ${fetched.partition}`);
}

function leaderOf(metadata: ClusterMetadata, topic: string, partition: number): number {
  return metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1;
}

function rotate<T>(list: T[]): T[] {
  const by = Math.floor(Math.random() * list.length);
  return [...list.slice(by), ...list.slice(0, by)];
}
