import '../../src/platform/kafka/kafkajs-timer-fix.js';
import { Kafka, KafkaJSError, logLevel, type Admin, type Message } from 'kafkajs';
import type { InputRecord } from '../factories/input-record.js';
import { kafkaBrokers, uniqueSuffix } from './environment.js';
import { waitUntil } from './wait-until.js';

const maxSendBytes = 1024 * 1024;
const maxSendRecords = 1000;
/** The protocol's number of this kind of resource. */
const topicResource = 2;

/**
 * Topics, groups and records from outside the program. Each call has a connection of its own: a client that has once heard
 * of a topic fails whatever it is asked after the topic was deleted.
 */
export class KafkaClient {
  private readonly kafka = new Kafka({
    clientId: 'e2e-test',
    brokers: kafkaBrokers(),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1000 },
  });

  /** Keeps the order within each partition. */
  async produce(topic: string, records: readonly InputRecord[]): Promise<void> {
    // Idempotent, so that a retry after a broker's restart writes nothing twice.
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    try {
      for (const part of parts(records)) {
        await producer.send({ topic, acks: -1, messages: part.map(messageOf) });
      }
    } finally {
      await producer.disconnect();
    }
  }

  async topics(): Promise<string[]> {
    return this.ask((admin) => admin.listTopics());
  }

  async groups(): Promise<string[]> {
    return this.ask(async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.ask((admin) => admin.deleteTopics({ topics: [topic] }));
  }

  /** Deletes the records of a partition before the offset, as retention does. */
  async deleteRecords(topic: string, partition: number, offset: number): Promise<void> {
    await this.ask(async (admin) => {
      // The client looks for the leader in what it knows, and asks for it only afterwards.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    });
  }

  /** Reads with a group, as a stranger might; the returned function ends it. */
  async join(groupId: string, topic: string): Promise<() => Promise<void>> {
    const consumer = this.kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topic });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({ eachMessage: () => Promise.resolve() });
    await joined;
    return () => consumer.disconnect();
  }

  /**
   * Reads so many records with a group, as any other consumer does, commits them and leaves. Answers the next offset of each
   * partition.
   */
  async consume(groupId: string, topic: string, count: number): Promise<Map<number, number>> {
    const consumer = this.kafka.consumer({ groupId });
    const next = new Map<number, number>();
    const done = Promise.withResolvers<void>();
    let left = count;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        if (left > 0) {
          left -= 1;
          next.set(partition, Number(message.offset) + 1);
        }
        if (left === 0) {
          left = -1;
          const offsets = [...next].map(([at, offset]) => ({ topic, partition: at, offset: String(offset) }));
          await consumer.commitOffsets(offsets).then(done.resolve, done.reject);
        }
      },
    });
    await done.promise.finally(() => consumer.disconnect());
    return next;
  }

  async createTopic(topic: string, numPartitions: number): Promise<void> {
    await this.ask((admin) => admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true }));
  }

  /** Settings of a topic by name. */
  async topicConfig(topic: string): Promise<Record<string, string>> {
    const { resources } = await this.ask((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: topicResource, name: topic }] }),
    );
    const entries = resources[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  }

  /** The last value of each key of a topic; null is a tombstone. */
  async lastValues(topic: string): Promise<Map<string, string | null>> {
    const ends = await this.ask((admin) => admin.fetchTopicOffsets(topic));
    const unread = new Map(
      ends
        .filter(({ high, low }) => Number(high) > Number(low))
        .map(({ partition, high }) => [partition, Number(high)]),
    );
    const values = new Map<string, string | null>();
    const consumer = this.kafka.consumer({ groupId: `e2e-${uniqueSuffix()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        values.set(String(message.key), message.value === null ? null : String(message.value));
        if (Number(message.offset) + 1 >= (unread.get(partition) ?? Infinity)) {
          unread.delete(partition);
        }
        return Promise.resolve();
      },
    });
    await waitUntil(`${topic} is read`, () => unread.size === 0, { seen: () => [...unread] });
    await consumer.disconnect();
    return values;
  }

  /** Takes away what is before the offset, as the retention of the topic does. */
  async deleteRecordsBefore(topic: string, partition: number, offset: number): Promise<void> {
    await this.ask(async (admin) => {
      // kafkajs looks for the leader of the partition only in what it knows already.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    });
  }

  /** Records of the topic that the group has not committed yet, over all partitions. */
  async lag(groupId: string, topic: string): Promise<number> {
    return this.ask(async (admin) => {
      const ends = await admin.fetchTopicOffsets(topic);
      const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const offsets = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      // A group that has committed nothing says -1.
      return ends.reduce(
        (sum, { partition, high }) => sum + Number(high) - Math.max(offsets.get(partition) ?? 0, 0),
        0,
      );
    });
  }

  /** Returns when everything in the topic is final and committed. */
  async caughtUp(groupId: string, topic: string, seen: () => unknown, deadlineMs = 120_000): Promise<void> {
    await waitUntil(`${groupId} has committed all of ${topic}`, async () => (await this.lag(groupId, topic)) === 0, {
      deadlineMs,
      seen: async () => ({ lag: await this.lag(groupId, topic), state: await seen() }),
    });
  }

  /**
   * Returns when the group has committed some of the topic, and throws when it has committed all of it by then: what comes
   * next in the test would not happen to records on their way.
   */
  async midStream(groupId: string, topic: string, seen: () => unknown): Promise<void> {
    const before = await this.lag(groupId, topic);
    const left = await waitUntil(
      `${groupId} works on ${topic}`,
      async () => {
        const lag = await this.lag(groupId, topic);
        return lag < before && { lag };
      },
      { seen: async () => ({ before, lag: await this.lag(groupId, topic), state: await seen() }) },
    );
    if (left.lag === 0) {
      throw new Error(`${groupId} was through ${before} records of ${topic} before anybody could look: produce more`);
    }
  }

  /** The end of each partition. Beside records it counts the markers of transactions. */
  async ends(topic: string): Promise<number[]> {
    const ends = await this.ask((admin) => admin.fetchTopicOffsets(topic));
    return ends.toSorted((one, other) => one.partition - other.partition).map(({ high }) => Number(high));
  }

  /** What the group has committed of each partition; 0 of one of which it has committed nothing. */
  async committed(groupId: string, topic: string): Promise<number[]> {
    const [found] = await this.ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    const offsets: number[] = [];
    found?.partitions.forEach(({ partition, offset }) => (offsets[partition] = Math.max(Number(offset), 0)));
    return offsets;
  }

  /** A setting of the topic, as the broker applies it. */
  async topicSetting(topic: string, name: string): Promise<string | undefined> {
    const { resources } = await this.ask((admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: topicResource, name: topic }] }),
    );
    return resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue;
  }

  /** How many read for the group. */
  async memberCount(groupId: string): Promise<number> {
    const { groups } = await this.ask((admin) => admin.describeGroups([groupId]));
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  }

  /** True when no task reads for the group. */
  async isIdle(groupId: string): Promise<boolean> {
    const { groups } = await this.ask((admin) => admin.describeGroups([groupId]));
    return groups.every(({ members }) => members.length === 0);
  }

  /** Deletes the topics and groups whose names begin with the prefix. Groups with members stay: they go by themselves. */
  async removeAll(prefix: string): Promise<void> {
    await this.ask(async (admin) => {
      const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
      // One by one: a list is refused as a whole when somebody else has just deleted one of them.
      for (const topic of topics) {
        await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
      }
      const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
      for (const groupId of groups.filter((name) => name.startsWith(prefix))) {
        await admin.deleteGroups([groupId]).catch(() => undefined);
      }
    });
  }

  /** Asks again while the broker is still finding itself after a restart. */
  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const { answer } = await waitUntil('Kafka answers', async () => {
      try {
        return { answer: await this.askOnce(question) };
      } catch (error) {
        if (error instanceof KafkaJSError && error.retriable) {
          return undefined;
        }
        throw error;
      }
    });
    return answer;
  }

  private async askOnce<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await question(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

function messageOf({ partition, key, value, headers, timestamp }: InputRecord): Message {
  return { partition, key, value, headers, timestamp: String(timestamp) };
}

function* parts(records: readonly InputRecord[]): Generator<InputRecord[]> {
  let part: InputRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const recordBytes = record.value?.length ?? 0;
    if (part.length > 0 && (part.length === maxSendRecords || bytes + recordBytes > maxSendBytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += recordBytes;
  }
  if (part.length > 0) {
    yield part;
  }
}
