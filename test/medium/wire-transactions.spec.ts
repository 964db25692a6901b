import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { chooseFetchVersion, fetchRecords, type FetchedPartition } from '../../src/platform/kafka/wire/fetch-api.js';
import { GroupMembership } from '../../src/platform/kafka/wire/group-membership.js';
import { GroupOffsets } from '../../src/platform/kafka/wire/group-offsets.js';
import { KafkaWire } from '../../src/platform/kafka/wire/kafka-wire.js';
import { OutgoingBatches } from '../../src/platform/kafka/wire/outgoing-batches.js';
import { RecordCursor } from '../../src/platform/kafka/wire/record-cursor.js';
import { encodeHeaders, readHeaders } from '../../src/platform/kafka/wire/record-headers.js';
import { RecordRefused } from '../../src/platform/kafka/wire/leader-writer.js';
import type { GroupMember } from '../../src/platform/kafka/wire/commit-producer.js';
import { TransactionalProducer } from '../../src/platform/kafka/wire/transactional-producer.js';
import { recordingLogger, testConnection, untilAnswered } from './kafka-fixture.js';

const connection = testConnection({ clientId: 'wire-test' });
const { brokers } = connection;
const limits = { maxBatchBytes: 900_000, maxRecordsOf: () => Infinity };
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });

interface Read {
  offset: number;
  timestamp: number;
  key: string | null;
  value: string | null;
  headers: [string, string][];
}

describe('transactions on the wire', () => {
  const topic = `wire-${randomUUID()}`;
  const input = `wire-in-${randomUUID()}`;
  const groupId = `wire-group-${randomUUID()}`;
  // Recent ones: the broker starts a new segment when timestamps are days apart, and a fetch reads one segment.
  const startedAt = Date.now();
  const admin = kafka.admin();
  const topics = new TopicAdmin(connection, recordingLogger().logger);
  const wire = new KafkaWire(connection, 'test');
  const wires = [wire];
  const memberships: GroupMembership[] = [];

  beforeAll(async () => {
    await admin.connect();
    await topics.ensureTopic({ topic, partitions: 3, configEntries: { 'max.message.bytes': '200000' } });
    await topics.ensureTopic({ topic: input, partitions: 2 });
    await untilAnswered('the coordinator of transactions answers', () => producer(`${groupId}-first`).initialise());
    const group = new GroupOffsets(wire, groupId);
    const committed = () => group.committed(input, [0], AbortSignal.timeout(5000));
    await untilAnswered('the coordinator of the group answers', committed);
  });

  afterAll(async () => {
    await Promise.all(memberships.map((membership) => membership.leave()));
    await Promise.all(wires.map((each) => each.close()));
    await topics.deleteTopics([topic, input]);
    await Promise.all([topics.close(), admin.disconnect()]);
  });

  function producer(transactionalId: string): TransactionalProducer {
    return new TransactionalProducer(wire, { transactionalId, transactionTimeoutMs: 30_000, requestTimeoutMs: 10_000 });
  }

  async function join(id: string): Promise<{ member: GroupMember; membership: GroupMembership }> {
    const assigned = Promise.withResolvers<GroupMember>();
    const membership = new GroupMembership(
      connection,
      { groupId: id, topic: input, sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 },
      { onAssigned: (_partitions, member) => assigned.resolve(member), onEnded: assigned.reject },
    );
    memberships.push(membership);
    await membership.join();
    return { member: await assigned.promise, membership };
  }

  /** Reads until the offset before `until`: the broker writes the markers of a transaction some ms after its end. */
  async function read(partition: number, until: number, from = 0): Promise<{ records: Read[]; nextOffset: number }> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const result = await readOnce(partition, from);
      if (result.nextOffset >= until || Date.now() > deadline) {
        return result;
      }
    }
  }

  async function endOf(partition: number): Promise<number> {
    const offsets = await admin.fetchTopicOffsets(topic);
    return Number(offsets.find((each) => each.partition === partition)?.high ?? 0);
  }

  async function readOnce(partition: number, fetchOffset: number): Promise<{ records: Read[]; nextOffset: number }> {
    const metadata = await wire.metadata([topic], true);
    const known = metadata.topics.get(topic);
    const answers = await fetchRecords(
      await wire.broker(known?.partitions[partition]?.leader ?? -1),
      await chooseFetchVersion(wire),
      {
        maxWaitMs: 100,
        maxBytes: 10_000_000,
        topicId: known?.id ?? '',
        partitions: [{ partition, fetchOffset, maxBytes: 10_000_000 }],
      },
    );
    return decode(answers[0] as FetchedPartition, fetchOffset);
  }

  function decode(fetched: FetchedPartition, fetchOffset: number): { records: Read[]; nextOffset: number } {
    const cursor = new RecordCursor(fetched.records, fetchOffset, fetched.aborted, { maxDecompressedBytes: 1e8 });
    const records: Read[] = [];
    while (cursor.next()) {
      const key =
        cursor.keyLength < 0
          ? null
          : cursor.bytes.toString('utf8', cursor.keyStart, cursor.keyStart + cursor.keyLength);
      const headers = readHeaders(cursor.bytes, cursor.headersStart).map(
        ([name, value]) => [name.toString(), value?.toString() ?? ''] as [string, string],
      );
      const { offset, timestamp } = cursor;
      records.push({ offset, timestamp, key, value: cursor.value()?.toString() ?? null, headers });
    }
    return { records, nextOffset: cursor.nextOffset };
  }

  function batchesOf(values: string[], partition: number): OutgoingBatches {
    const batches = new OutgoingBatches(limits);
    const headers = encodeHeaders([[Buffer.from('h'), Buffer.from('ü')]]);
    for (const [at, value] of values.entries()) {
      const key = at % 2 ? Buffer.from(`k${at}`) : null;
      const record = { timestamp: startedAt + at, key, value: Buffer.from(value), headers, headerCount: 1 };
      batches.add(topic, partition, record, { partition: 0, offset: at });
    }
    return batches;
  }

  it('writes records, headers, timestamps and offsets together', async () => {
    const { member } = await join(groupId);
    const writer = producer(`${groupId}#0`);
    await writer.initialise();
    await writer.commit(
      batchesOf(['a', 'b', 'ç'], 1),
      [{ topic: input, partition: 0, offset: 7, metadata: 'topic-id' }],
      member,
    );

    const { records, nextOffset } = await read(1, 4);
    expect(records).toEqual([
      { offset: 0, timestamp: startedAt, key: null, value: 'a', headers: [['h', 'ü']] },
      { offset: 1, timestamp: startedAt + 1, key: 'k1', value: 'b', headers: [['h', 'ü']] },
      { offset: 2, timestamp: startedAt + 2, key: null, value: 'ç', headers: [['h', 'ü']] },
    ]);
    expect(nextOffset).toBe(4);
    const committed = await new GroupOffsets(wire, groupId).committed(input, [0, 1], AbortSignal.timeout(5000));
    expect([...committed]).toEqual([[0, { offset: 7, metadata: 'topic-id' }]]);
  });

  it('goes on for many transactions in a row, in order', async () => {
    const { member } = await join(`${groupId}-many`);
    const writer = producer(`${groupId}-many#0`);
    await writer.initialise();
    for (let round = 0; round < 20; round++) {
      await writer.commit(
        batchesOf([`round ${round}`], 2),
        [{ topic: input, partition: 1, offset: round, metadata: '' }],
        member,
      );
    }
    const { records } = await read(2, 40);
    expect(records.map((record) => record.value)).toEqual(Array.from({ length: 20 }, (_, round) => `round ${round}`));
  });

  it('tells a holder whose transactional id was taken over that it is fenced, and shows nothing of its records', async () => {
    const { member } = await join(`${groupId}-fence`);
    const first = producer(`${groupId}-fence#0`);
    await first.initialise();
    const second = producer(`${groupId}-fence#0`);
    await second.initialise();

    const offsets = [{ topic: input, partition: 0, offset: 1, metadata: '' }];
    await expect(first.commit(batchesOf(['zombie'], 0), offsets, member)).rejects.toMatchObject({ kind: 'fenced' });
    await expect(first.recover()).rejects.toMatchObject({ kind: 'fenced' });
    await second.commit(batchesOf(['alive'], 0), offsets, member);
    expect((await read(0, 2)).records.map((record) => record.value)).toEqual(['alive']);
  });

  it('refuses offsets of an old generation as a rebalance, and goes on after recovering', async () => {
    const { member } = await join(`${groupId}-generation`);
    const writer = producer(`${groupId}-generation#0`);
    await writer.initialise();
    const offsets = [{ topic: input, partition: 0, offset: 5, metadata: '' }];
    const old = { ...member, generationId: member.generationId - 1 };
    const start = await endOf(0);

    await expect(writer.commit(batchesOf(['old'], 0), offsets, old)).rejects.toMatchObject({ kind: 'rebalance' });
    await writer.recover();
    await writer.commit(batchesOf(['new'], 0), offsets, member);
    expect((await read(0, start + 4, start)).records.map((record) => record.value)).toEqual(['new']);
  });

  it('names the batch in which a record was refused', async () => {
    const { member } = await join(`${groupId}-refused`);
    const writer = producer(`${groupId}-refused#0`);
    await writer.initialise();
    const batches = batchesOf(['x'.repeat(100_000), 'y'.repeat(300_000), 'small'], 0);
    const refusal = await writer
      .commit(batches, [{ topic: input, partition: 0, offset: 5, metadata: '' }], member)
      .catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(RecordRefused);
    expect(refusal).toMatchObject({ code: 'MESSAGE_TOO_LARGE', topic, partition: 0, firstIndex: 0, count: 3 });
  });

  it('passes over aborted transactions of one producer between committed ones', async () => {
    const transactional = kafka.producer({
      transactionalId: `abort-${randomUUID()}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await transactional.connect();
    const start = await endOf(0);
    for (const [value, isCommit] of [
      ['no 1', false],
      ['yes 1', true],
      ['no 2', false],
      ['no 3', false],
      ['yes 2', true],
    ] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({
        topic,
        messages: [
          { value, partition: 0 },
          { value, partition: 0 },
        ],
      });
      await (isCommit ? transaction.commit() : transaction.abort());
    }
    await transactional.disconnect();
    const { records, nextOffset } = await read(0, start + 15, start);
    expect(records.map((record) => record.value)).toEqual(['yes 1', 'yes 1', 'yes 2', 'yes 2']);
    expect(nextOffset).toBe(start + 15);
  });
});
