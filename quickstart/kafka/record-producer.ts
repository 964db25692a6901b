import { ProduceAcks, Producer } from '@platformatic/kafka';

const requestTimeoutMs = 15_000;
const maxBatchRecords = 500;
const maxBatchBytes = 512 * 1024;

/** A record as it stands in its topic. */
export interface ProducedRecord {
  partition: number;
  offset: number;
  /** Epoch ms. */
  timestamp: number;
  value: Buffer;
}

interface Outgoing {
  partition: number;
  value: Buffer;
}

/** Writes records and tells where each one stands. Idempotent: a send that is repeated inside the client stays one. */
export class RecordProducer {
  readonly #client: Producer;
  #turn = 0;

  constructor(brokers: readonly string[]) {
    this.#client = new Producer({
      clientId: 'quickstart-feed',
      bootstrapBrokers: [...brokers],
      timeout: requestTimeoutMs,
      idempotent: true,
    });
  }

  /** Spreads the values over the partitions, in turn. When it throws, nobody knows which of them were written. */
  async send(topic: string, values: readonly Buffer[]): Promise<ProducedRecord[]> {
    const count = await this.#partitionCount(topic);
    return this.#sendAll(
      topic,
      values.map((value) => ({ value, partition: this.#turn++ % count })),
    );
  }

  /** Writes the values one after another into one partition. */
  async sendTogether(topic: string, values: readonly Buffer[]): Promise<ProducedRecord[]> {
    return this.#sendAll(
      topic,
      values.map((value) => ({ value, partition: 0 })),
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #sendAll(topic: string, outgoing: readonly Outgoing[]): Promise<ProducedRecord[]> {
    const produced: ProducedRecord[] = [];
    for (const batch of batchesOf(outgoing)) produced.push(...(await this.#sendBatch(topic, batch)));
    return produced;
  }

  async #sendBatch(topic: string, batch: readonly Outgoing[]): Promise<ProducedRecord[]> {
    const timestamp = Date.now();
    const messages = batch.map((record) => ({ topic, ...record, timestamp: BigInt(timestamp) }));
    const { offsets = [] } = await this.#client.send({ messages, acks: ProduceAcks.ALL });
    const next = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    return batch.map(({ partition, value }) => {
      const offset = next.get(partition);
      if (offset === undefined) throw new Error(`Kafka did not say where it stored records of ${topic}[${partition}]`);
      next.set(partition, offset + 1);
      return { partition, offset, timestamp, value };
    });
  }

  async #partitionCount(topic: string): Promise<number> {
    const { topics } = await this.#client.metadata({ topics: [topic] });
    return topics.get(topic)?.partitionsCount ?? 1;
  }
}

/** Small enough for any topic's largest batch, unless a single record is larger. */
function batchesOf(outgoing: readonly Outgoing[]): Outgoing[][] {
  const batches: Outgoing[][] = [];
  let bytes = 0;
  for (const record of outgoing) {
    const last = batches.at(-1);
    bytes += record.value.length;
    if (last === undefined || last.length >= maxBatchRecords || bytes > maxBatchBytes) {
      batches.push([record]);
      bytes = record.value.length;
    } else {
      last.push(record);
    }
  }
  return batches;
}
