import { KafkaMessage } from '../../src/platform/kafka/stream/kafka-message.js';
import type { PartitionQueue } from '../../src/platform/kafka/wire/outgoing-batches.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { encodeHeaders } from '../../src/platform/kafka/wire/record-headers.js';
import { drain, type ReadRecord } from './record-batches.js';

/** As if read from the topic `in`, with one header. */
export function kafkaMessage(partition: number, offset: number, value: string | null = `${partition}/${offset}`) {
  const headers = Buffer.concat([Buffer.from([2]), encodeHeaders([[Buffer.from('own'), Buffer.from('yes')]])]);
  const place = { topic: 'in', partition, offset, timestamp: 1_735_689_600_000 + offset, key: Buffer.from('k') };
  return new KafkaMessage({ ...place, value: value === null ? null : Buffer.from(value) }, headers, 0);
}

/** What the batches of a partition hold; they are spent afterwards. */
export function recordsOf({ writers }: PartitionQueue): ReadRecord[] {
  return writers.flatMap((writer) => {
    const bytes = writer.finish({ id: 1n, epoch: 0 }, 0, false);
    return drain(new RecordCursor(bytes, 0, [], { maxDecompressedBytes: 0 }));
  });
}
