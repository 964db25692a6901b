import type { KafkaConnection } from '../kafka-connection.js';
import { chooseFetchVersion, fetchRecords, type FetchedPartition } from './fetch-api.js';
import { faultFromCode, KafkaFault } from './kafka-fault.js';
import { KafkaWire } from './kafka-wire.js';
import { LogEnds } from './log-ends.js';
import { PeekedPartition, type PeekedRecord } from './peeked-partition.js';

export interface TopicPeekOptions {
  /** Fetched bytes after which no more is asked for. */
  maxBytes: number;
  /** When no more is asked for. */
  timeLimitMs: number;
  /** Bytes that one record batch may have after decompression. */
  maxDecompressedBytes: number;
}

export interface Peeked {
  /** Oldest first. */
  records: PeekedRecord[];
  /** False: a limit was reached before it was sure that these are the newest. */
  isComplete: boolean;
}

const MAX_WAIT_MS = 100;
const FETCH_BYTES = 2 * 1024 * 1024;

/** Looks at the newest committed records of a topic: it joins no group, commits nothing and leaves nothing open. */
export class TopicPeek {
  private readonly wire: KafkaWire;
  private leftBytes: number;
  private readonly endsAtMs: number;

  /** For one topic, once. */
  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly options: TopicPeekOptions,
  ) {
    this.wire = new KafkaWire(connection, 'peek');
    this.leftBytes = options.maxBytes;
    this.endsAtMs = performance.now() + options.timeLimitMs;
  }

  /** The newest `count` records over all partitions, by their timestamps. Throws a KafkaFault. */
  async newest(count: number): Promise<Peeked> {
    try {
      const partitions = await this.open(count);
      // A partition is read further back only while what was left of it may be newer than what was taken of others.
      for (let open = partitions; open.length > 0; open = stillOpen(partitions, count)) {
        open.forEach((partition) => partition.widen());
        if (!(await this.read(open))) {
          return { records: newestOf(partitions, count), isComplete: false };
        }
      }
      return { records: newestOf(partitions, count), isComplete: true };
    } finally {
      await this.wire.close().catch(() => undefined);
    }
  }

  private async open(count: number): Promise<PeekedPartition[]> {
    const { topic, wire } = this;
    const { topics } = await wire.metadata([topic], true);
    const ids = Array.from({ length: topics.get(topic)?.partitionsCount ?? 0 }, (_, partition) => partition);
    const ends = new LogEnds(wire);
    const [starts, behind] = [await ends.of(topic, ids, 'earliest'), await ends.of(topic, ids, 'latest')];
    return ids
      .map((partition) => {
        const end = behind.get(partition) ?? 0;
        return new PeekedPartition(partition, { start: starts.get(partition) ?? end, end, count });
      })
      .filter(({ isExhausted }) => !isExhausted);
  }

  /** Reads what each of them wants to know; false when a limit came first. */
  private async read(partitions: readonly PeekedPartition[]): Promise<boolean> {
    const metadata = await this.wire.metadata([this.topic]);
    const { id = '', partitions: leaders = [] } = metadata.topics.get(this.topic) ?? {};
    const byLeader = Map.groupBy(partitions, ({ partition }) => leaders[partition]?.leader ?? -1);
    const read = [...byLeader].map(([leader, list]) => this.readFrom(leader, id, list));
    return (await Promise.all(read)).every(Boolean);
  }

  private async readFrom(leader: number, topicId: string, list: PeekedPartition[]): Promise<boolean> {
    if (leader < 0) {
      throw new KafkaFault('LEADER_NOT_AVAILABLE', 'transient', `A partition of ${this.topic} has no leader`);
    }
    const connection = await this.wire.broker(leader);
    const version = await chooseFetchVersion(this.wire);
    for (let pending = list; pending.length > 0; pending = turned(pending.filter(({ isRead }) => !isRead))) {
      if (this.leftBytes <= 0 || performance.now() >= this.endsAtMs) {
        return false;
      }
      const maxBytes = Math.min(FETCH_BYTES, this.leftBytes);
      const answers = await fetchRecords(connection, version, {
        ...{ topicId, maxWaitMs: MAX_WAIT_MS, maxBytes },
        partitions: pending.map(({ partition, position: fetchOffset }) => ({ partition, fetchOffset, maxBytes })),
      });
      this.take(pending, answers);
    }
    return true;
  }

  private take(pending: readonly PeekedPartition[], answers: readonly FetchedPartition[]): void {
    const byPartition = new Map(pending.map((partition) => [partition.partition, partition]));
    const bytes = answers.reduce((sum, { records }) => sum + records.length, 0);
    this.leftBytes -= bytes;
    for (const answer of answers) {
      if (answer.errorCode !== 0) {
        throw faultFromCode(answer.errorCode, `reading ${this.topic} partition ${answer.partition}`);
      }
      const partition = byPartition.get(answer.partition);
      if (bytes === 0) {
        // Compaction has left nothing up to the end of any of them.
        partition?.close();
      } else {
        partition?.take(answer.records, answer.aborted, this.options.maxDecompressedBytes);
      }
    }
  }
}

/** Those of which an unread record may be among the newest. */
function stillOpen(partitions: readonly PeekedPartition[], count: number): PeekedPartition[] {
  const newest = newestOf(partitions, count);
  const oldestTaken = newest.length < count ? -Infinity : (newest[0]?.timestamp ?? -Infinity);
  return partitions.filter((partition) => !partition.isExhausted && partition.oldestTimestamp >= oldestTaken);
}

function newestOf(partitions: readonly PeekedPartition[], count: number): PeekedRecord[] {
  return partitions
    .flatMap(({ records }) => records)
    .toSorted((a, b) => a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset)
    .slice(-count);
}

/** The broker serves the first partition of a request first. */
function turned<T>([first, ...others]: T[]): T[] {
  return first === undefined ? [] : [...others, first];
}
