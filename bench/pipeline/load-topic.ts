import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { seeded, telemetryLog } from './generate-records.ts';

const { Kafka, logLevel } = kafkajs;
const BATCH = 2000;
const PARTITIONS = 4;

/** Makes the topics and fills the first one; the records are the same in every run. `headersOf` is asked in their order. */
export async function loadTopic(
  broker: string,
  input: string,
  others: readonly string[],
  records: number,
  headersOf?: () => Record<string, string>,
): Promise<void> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = [input, ...others].map((topic) => ({ topic, numPartitions: PARTITIONS }));
  // kafkajs' own wait for the leaders fails when a busy broker has not heard of the topics yet.
  await admin.createTopics({ topics, waitForLeaders: false });
  await untilLed(
    admin,
    topics.map(({ topic }) => topic),
  );
  await admin.disconnect();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const random = seeded(42);
  for (let sent = 0; sent < records; sent += BATCH) {
    const size = Math.min(BATCH, records - sent);
    const messages = Array.from({ length: size }, (_, at) => ({
      value: telemetryLog(random, sent + at),
      partition: Math.floor((sent + at) / 500) % PARTITIONS,
      ...(headersOf && { headers: headersOf() }),
    }));
    await producer.send({ topic: input, messages });
  }
  await producer.disconnect();
}

async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const metadata = await admin.fetchTopicMetadata({ topics }).catch(() => undefined);
    if (metadata?.topics.every(({ partitions }) => partitions.length === PARTITIONS)) {
      return;
    }
    await delay(100);
  }
  throw new Error(`the topics ${topics.join(', ')} have no leaders`);
}
