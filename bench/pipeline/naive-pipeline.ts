// The baseline: what a Node team writes first. eachBatch → parse, add fields → client.bulk → produce → commit.
// Run as a process of its own: node naive-pipeline.ts <broker> <input> <output> <index> <OpenSearch URL>
import { Client } from '@opensearch-project/opensearch';
import kafkajs, { type KafkaMessage } from 'kafkajs';

const [broker = '', input = '', output = '', index = '', node = ''] = process.argv.slice(2);
const { Kafka, Partitioners, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `naive-${index}`, maxBytesPerPartition: 5 << 20, maxBytes: 10 << 20 });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
const client = new Client({ node });

function annotate(message: KafkaMessage, partition: number): Record<string, unknown> {
  const text = message.value?.toString() ?? '';
  const id = `bench[${partition}]@${message.offset}-${message.timestamp}`;
  const added = { __pipeline_id: 'bench', __index_base: 'bench', __write_time: Number(message.timestamp), __id: id };
  try {
    return { ...(JSON.parse(text) as object), ...added };
  } catch {
    return { message: text, ...added };
  }
}

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [input], fromBeginning: true });
await consumer.run({
  eachBatchAutoResolve: false,
  partitionsConsumedConcurrently: 2,
  eachBatch: async (payload) => {
    const { batch } = payload;
    for (let at = 0; at < batch.messages.length; at += 2000) {
      const part = batch.messages.slice(at, at + 2000);
      const documents = part.map((message) => annotate(message, batch.partition));
      const body = documents.flatMap((document) => [{ index: { _index: index, _id: document['__id'] } }, document]);
      await client.bulk({ body });
      const messages = documents.map((document) => ({ value: JSON.stringify(document), partition: batch.partition }));
      await producer.send({ topic: output, messages });
      payload.resolveOffset(part.at(-1)?.offset ?? '0');
      await payload.heartbeat();
      await payload.commitOffsetsIfNecessary();
    }
  },
});
