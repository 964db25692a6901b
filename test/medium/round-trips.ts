import { randomUUID } from 'node:crypto';
import type { Logger } from '../../src/platform/logging/logger.js';
import { GroupConsumer } from '../../src/platform/kafka/group-consumer.js';
import type { KafkaConnection } from '../../src/platform/kafka/kafka-connection.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import type { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { chooseFetchVersion, fetchRecords } from '../../src/platform/kafka/wire/fetch-api.js';
import { GroupMembership } from '../../src/platform/kafka/wire/group-membership.js';
import { GroupOffsets } from '../../src/platform/kafka/wire/group-offsets.js';
import { KafkaWire } from '../../src/platform/kafka/wire/kafka-wire.js';
import { OutgoingBatches } from '../../src/platform/kafka/wire/outgoing-batches.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import type { GroupMember } from '../../src/platform/kafka/wire/commit-producer.js';
import { TransactionalProducer } from '../../src/platform/kafka/wire/transactional-producer.js';
import { until, untilAnswered } from './kafka-fixture.js';

const SESSION_TIMEOUT_MS = 10_000;

/** Writes a value with the control plane's publisher and answers what its consumer reads. */
export async function controlPlaneRoundTrip(
  connection: KafkaConnection,
  admin: TopicAdmin,
  topic: string,
  value: string,
  logger: Logger,
): Promise<(string | undefined)[]> {
  const publisher = new KeyedPublisher(connection, logger);
  await publisher.send(topic, [{ key: 'key', value, partition: 0 }]);
  await publisher.close();
  const read: (string | undefined)[] = [];
  const consumer = new GroupConsumer(
    connection,
    admin,
    { topic, groupId: `group-${randomUUID()}`, sessionTimeoutMs: SESSION_TIMEOUT_MS, reading: 'commit' },
    {
      joined: () => undefined,
      batch: ({ messages }) => {
        read.push(...messages.map((message) => message.value?.toString()));
        return Promise.resolve(true);
      },
      passed: () => undefined,
      empty: () => undefined,
      lost: () => undefined,
    },
    logger,
  );
  consumer.start();
  await until('the consumer reads the record', () => read.length > 0);
  await consumer.stop();
  return read;
}

export interface DataPlaneResult {
  values: (string | undefined)[];
  committedOffset: number | undefined;
}

/** Joins a group, writes a value and an offset in one transaction, and answers what can be fetched then. */
export async function dataPlaneRoundTrip(
  connection: KafkaConnection,
  topic: string,
  value: string,
): Promise<DataPlaneResult> {
  const groupId = `group-${randomUUID()}`;
  const wire = new KafkaWire(connection, 'test');
  const { membership, member } = await joinGroup(connection, groupId, topic);
  try {
    const options = { transactionalId: `${groupId}#0`, transactionTimeoutMs: 30_000, requestTimeoutMs: 10_000 };
    const producer = new TransactionalProducer(wire, options);
    await untilAnswered('the coordinator of the transaction answers', () => producer.initialise());
    const batches = new OutgoingBatches({ maxBatchBytes: 900_000, maxRecordsOf: () => Infinity });
    const record = { timestamp: Date.now(), key: null, headers: Buffer.alloc(0), headerCount: 0 };
    batches.add(topic, 0, { ...record, value: Buffer.from(value) }, { partition: 0, offset: 0 });
    await producer.commit(batches, [{ topic, partition: 0, offset: 7, metadata: '' }], member);
    const committed = await new GroupOffsets(wire, groupId).committed(topic, [0], AbortSignal.timeout(10_000));
    return { values: await fetchValues(wire, topic), committedOffset: committed.get(0)?.offset };
  } finally {
    await membership.leave();
    await wire.close();
  }
}

export async function joinGroup(
  connection: KafkaConnection,
  groupId: string,
  topic: string,
): Promise<{ membership: GroupMembership; member: GroupMember }> {
  const assigned = Promise.withResolvers<GroupMember>();
  const membership = new GroupMembership(
    connection,
    { groupId, topic, sessionTimeoutMs: SESSION_TIMEOUT_MS, rebalanceTimeoutMs: SESSION_TIMEOUT_MS },
    { onAssigned: (_partitions, member) => assigned.resolve(member), onEnded: assigned.reject },
  );
  await membership.join();
  return { membership, member: await assigned.promise };
}

/** All committed values of partition 0; waits for the marker of the last transaction. */
async function fetchValues(wire: KafkaWire, topic: string): Promise<(string | undefined)[]> {
  let values: (string | undefined)[] = [];
  await until('the transaction can be read', async () => {
    const { topics } = await wire.metadata([topic], true);
    const known = topics.get(topic);
    const broker = await wire.broker(known?.partitions[0]?.leader ?? -1);
    const partitions = [{ partition: 0, fetchOffset: 0, maxBytes: 1_000_000 }];
    const request = { maxWaitMs: 100, maxBytes: 1_000_000, topicId: known?.id ?? '', partitions };
    const [answer] = await fetchRecords(broker, await chooseFetchVersion(wire), request);
    if (!answer) {
      return false;
    }
    const cursor = new RecordCursor(answer.records, 0, answer.aborted, { maxDecompressedBytes: 1e7 });
    values = [];
    while (cursor.next()) {
      values.push(cursor.value()?.toString());
    }
    return answer.lastStableOffset === answer.highWatermark && values.length > 0;
  });
  return values;
}
