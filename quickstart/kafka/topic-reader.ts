import { Consumer, FetchIsolationLevels, ListOffsetTimestamps } from '@platformatic/kafka';

import { committedRecords, endOf, type ReadRecord } from './committed-records.ts';

const requestTimeoutMs = 15_000;
const maxWaitMs = 250;
const maxFetchBytes = 8 * 1024 * 1024;

/** A client that reads without being a member of a group; it is closed by whoever made it. */
export function openReaderClient(brokers: readonly string[]): Consumer {
  return new Consumer({
    clientId: 'quickstart-reader',
    groupId: 'quickstart-reader',
    bootstrapBrokers: [...brokers],
    timeout: requestTimeoutMs,
  });
}

/** Reads a topic as a read_committed consumer sees it, from its beginning. One call of `advance` at a time. */
export class TopicReader {
  /** Everything read so far: by partition in offset order. */
  readonly records: ReadRecord[] = [];
  readonly #client: Consumer;
  readonly #topic: string;
  readonly #positions = new Map<number, bigint>();

  constructor(client: Consumer, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  /** Reads what was committed until now. Stops before a transaction that is still open. */
  async advance(): Promise<void> {
    const ends = await this.#client.listOffsets({
      topics: [this.#topic],
      timestamp: ListOffsetTimestamps.LATEST,
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    });
    for (const [partition, end] of (ends.get(this.#topic) ?? []).entries()) {
      while ((this.#positions.get(partition) ?? 0n) < end && (await this.#fetch(partition))) {
        // Each fetch moves the position on.
      }
    }
  }

  /** False when nothing came. */
  async #fetch(partition: number): Promise<boolean> {
    const from = this.#positions.get(partition) ?? 0n;
    const { topics } = await this.#client.metadata({ topics: [this.#topic] });
    const topic = topics.get(this.#topic);
    const node = topic?.partitions[partition]?.leader;
    if (topic === undefined || node === undefined) return false;
    const answer = await this.#client.fetch({
      ...{ node, minBytes: 1, maxBytes: maxFetchBytes, maxWaitTime: maxWaitMs },
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
      topics: [{ topicId: topic.id, partitions: [wantedFrom(partition, from)] }],
    });
    const answered = answer.responses.flatMap((response) => response.partitions);
    const found = answered.find(({ partitionIndex }) => partitionIndex === partition);
    const batches = found?.records ?? [];
    const last = batches.at(-1);
    if (last === undefined) return false;
    this.records.push(...committedRecords(partition, batches, found?.abortedTransactions ?? [], from));
    this.#positions.set(partition, endOf(last) + 1n);
    return true;
  }
}

function wantedFrom(partition: number, fetchOffset: bigint) {
  return { partition, fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: maxFetchBytes };
}
