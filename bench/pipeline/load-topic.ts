import kafkajs from 'kafkajs';
import { seeded, telemetryLog } from './generate-records.ts';

const { Kafka, logLevel } = kafkajs;
const BATCH = 2000;
const PARTITIONS = 4;

/** Makes the topics and fills the first one; the records are the same in every run. */
export async function loadTopic(
  broker: string,
  input: string,
  others: readonly string[],
  records: number,
): Promise<void> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = [input, ...others].map((topic) => ({ topic, numPartitions: PARTITIONS }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const random = seeded(42);
  for (let sent = 0; sent < records; sent += BATCH) {
    const size = Math.min(BATCH, records - sent);
    const messages = Array.from({ length: size }, (_, at) => ({
      value: telemetryLog(random, sent + at),
      partition: Math.floor((sent + at) / 500) % PARTITIONS,
    }));
    await producer.send({ topic: input, messages });
  }
  await producer.disconnect();
}
