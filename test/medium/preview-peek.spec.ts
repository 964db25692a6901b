import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { TopicPeek } from '../../src/platform/kafka/wire/topic-peek.js';
import { testConnection, until } from './kafka-fixture.js';
import { isolated, makeTopic, MgmtFixture, PIPELINES, topicRecords } from './mgmt-fixture.js';

const MIB = 1024 * 1024;
const connection = testConnection();
const kafka = new Kafka({ brokers: connection.brokers, clientId: 'peek-test', logLevel: logLevel.NOTHING });
const options = { maxBytes: 32 * MIB, timeLimitMs: 10_000, maxDecompressedBytes: MIB };
/** Recent: the broker starts a new segment when timestamps are days apart. */
const startedAt = Date.now() - 1_000_000;

async function withProducer(
  work: (producer: ReturnType<Kafka['producer']>) => Promise<unknown>,
  transactionalId?: string,
) {
  const producer = kafka.producer(transactionalId ? { transactionalId, maxInFlightRequests: 1, idempotent: true } : {});
  await producer.connect();
  try {
    await work(producer);
  } finally {
    await producer.disconnect();
  }
}

interface Written {
  value: string | null;
  partition?: number;
  /** Seconds after the first. */
  at: number;
}

const write = (topic: string, records: readonly Written[]) =>
  withProducer((producer) =>
    producer.send({
      topic,
      messages: records.map(({ value, partition = 0, at }) => ({
        ...{ value, partition, key: 'k', timestamp: String(startedAt + at * 1000) },
      })),
    }),
  );

describe('a look at a topic', () => {
  const topics: string[] = [];
  let admin: Admin;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  });

  async function topicOf(partitions = 1): Promise<string> {
    const topic = `peek-${randomUUID()}`;
    await makeTopic(topic, partitions);
    topics.push(topic);
    return topic;
  }
  const newest = (topic: string, count: number, limits = {}) =>
    new TopicPeek(connection, topic, { ...options, ...limits }).newest(count);
  const valuesOf = ({ records }: { records: { value: Buffer | null }[] }) =>
    records.map(({ value }) => value && value.toString());
  const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => String(n + from));

  it('shows nothing of an empty one', async () => {
    expect(await newest(await topicOf(3), 10)).toEqual({ records: [], isComplete: true });
  });

  it('shows its newest records, oldest first, tombstones too', async () => {
    const topic = await topicOf();
    await write(
      topic,
      [...numbers(50), null, '51'].map((value, at) => ({ value, at })),
    );
    const { records, isComplete } = await newest(topic, 3);
    expect(isComplete).toBe(true);
    expect(records).toEqual([
      {
        partition: 0,
        offset: 49,
        timestamp: startedAt + 49_000,
        value: Buffer.from('49'),
        extraBytes: expect.any(Number),
      },
      { partition: 0, offset: 50, timestamp: startedAt + 50_000, value: null, extraBytes: expect.any(Number) },
      {
        partition: 0,
        offset: 51,
        timestamp: startedAt + 51_000,
        value: Buffer.from('51'),
        extraBytes: expect.any(Number),
      },
    ]);
  });

  it('shows the newest over all partitions, however they are spread', async () => {
    const topic = await topicOf(4);
    const records = numbers(200).map((value, at) => ({ value, at, partition: at < 120 ? at % 4 : 2 }));
    await write(topic, records);
    expect(valuesOf(await newest(topic, 100))).toEqual(numbers(100, 100));
    expect(valuesOf(await newest(topic, 5))).toEqual(numbers(5, 195));
  });

  it('shows all that there are when more are wanted', async () => {
    const topic = await topicOf(2);
    await write(
      topic,
      numbers(7).map((value, at) => ({ value, at, partition: at % 2 })),
    );
    expect(valuesOf(await newest(topic, 100))).toEqual(numbers(7));
  });

  it('shows what was committed, and reads on behind markers and what was aborted', async () => {
    const topic = await topicOf();
    await withProducer(async (producer) => {
      for (const value of numbers(20)) {
        const transaction = await producer.transaction();
        const timestamp = String(startedAt + Number(value) * 1000);
        await transaction.send({ topic, messages: [{ value, timestamp }] });
        await (Number(value) % 2 === 0 ? transaction.commit() : transaction.abort());
      }
    }, `peek-${randomUUID()}`);
    expect(valuesOf(await newest(topic, 5))).toEqual(['10', '12', '14', '16', '18']);
  });

  it('does not show what is in a transaction still', async () => {
    const topic = await topicOf();
    await write(topic, [{ value: 'before', at: 0 }]);
    await withProducer(async (producer) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'open' }] });
      expect(valuesOf(await newest(topic, 5))).toEqual(['before']);
      await transaction.abort();
    }, `peek-${randomUUID()}`);
  });

  it('begins where retention has left off', async () => {
    const topic = await topicOf();
    await write(
      topic,
      numbers(10).map((value, at) => ({ value, at })),
    );
    // The client looks for the leader in what it knows, and asks for it only afterwards.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '8' }] });
    expect(valuesOf(await newest(topic, 5))).toEqual(['8', '9']);
  });

  it('says so when there was too much to be read', async () => {
    const topic = await topicOf();
    const large = 'x'.repeat(300_000);
    for (const at of numbers(10)) {
      await write(topic, [{ value: `${at}${large}`, at: Number(at) }]);
    }
    const { records, isComplete } = await newest(topic, 10, { maxBytes: 2 * MIB });
    expect(isComplete).toBe(false);
    expect(records.map(({ value }) => value?.toString()[0])).toEqual(['5', '6', '7', '8', '9']);
  });

  it('fails for a topic that there is not', async () => {
    await expect(newest(`peek-${randomUUID()}`, 5)).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });
});

describe('a preview of the newest records', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let admin: Admin;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    const base = `${tenant}-shop`;
    await mgmt.public().post(PIPELINES).send({ id: 'shop', name: 'Shop', index_base: base }).expect(201);
  });
  afterAll(async () => {
    await mgmt.stop();
    await admin.disconnect();
  });

  const preview = (body: object) => mgmt.public().post(`${PIPELINES}/preview`).send(body);
  const input = () => `${tenant}.sdp.shop.input`;

  /** Every group of the broker with its state, members and committed offsets, and where the topic begins and ends. */
  async function traces() {
    const { groups } = await admin.listGroups();
    const ids = groups
      .map(({ groupId }) => groupId)
      .filter((id) => id !== '')
      .toSorted();
    const described = ids.length > 0 ? (await admin.describeGroups(ids)).groups : [];
    const ofInput = await Promise.all(
      ids.map(async (groupId) => ({ groupId, offsets: await admin.fetchOffsets({ groupId, topics: [input()] }) })),
    );
    return {
      groups: described.map(({ groupId, state, members }) => ({
        ...{ groupId, state, members: members.map(({ memberId }) => memberId) },
      })),
      offsets: ofInput,
      ends: await topicRecords(input()),
    };
  }

  it('answers an empty topic with no entries', async () => {
    const { body } = await preview({ id: 'shop', peek: { last: 5 } }).expect(200);
    expect(body).toEqual({ entries: [], is_complete: true });
  });

  it('shows where each record stands, and what becomes of it', async () => {
    await write(input(), [
      { value: '{"n":9007199254740993}', at: 1, partition: 1 },
      { value: 'text', at: 2, partition: 0 },
      { value: '{"n":12.50}', at: 3, partition: 1 },
    ]);
    const { body } = await preview({ id: 'shop', peek: { last: 2 } }).expect(200);
    expect(body.entries).toMatchObject([
      {
        source: { topic: input(), partition: 0, offset: 0, timestamp: startedAt + 2000 },
        ...{ result: 'document', id: `shop[0]@0-${startedAt + 2000}` },
      },
      {
        source: { topic: input(), partition: 1, offset: 1, timestamp: startedAt + 3000 },
        document: expect.stringMatching(/^\{"n":12\.50,"__pipeline_id":"shop"/),
      },
    ]);
  });

  it('shows them with other handlers', async () => {
    const pipeline = { handlers: [{ type: 'reject', reason: 'all' }] };
    const { body } = await preview({ id: 'shop', pipeline, peek: {} }).expect(200);
    expect((body.entries as { result: string }[]).map(({ result }) => result)).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  it('shows those of a topic that no pipeline reads yet', async () => {
    const pipeline = { use_index_base_in_data: true, index_base: `${tenant}-other`, input_topic: input() };
    const { body } = await preview({ pipeline, peek: { last: 1 } }).expect(200);
    expect(body.entries).toMatchObject([{ source: { topic: input() }, index: `mdl-${tenant}-other` }]);
  });

  it('joins no group, commits nothing and writes nothing', async () => {
    // The groups of this fixture, and of others that start or end beside it, must have come to rest.
    let before = await traces();
    await until('the groups rest', async () => {
      const earlier = before;
      before = await traces();
      return JSON.stringify(earlier) === JSON.stringify(before) && before.groups.length > 0;
    });
    for (let time = 0; time < 3; time += 1) {
      await preview({ id: 'shop', peek: { last: 100 } }).expect(200);
      const own = (await traces()).groups.filter(({ groupId }) => groupId.startsWith(`${tenant}.`));
      expect(own).toEqual(before.groups.filter(({ groupId }) => groupId.startsWith(`${tenant}.`)));
    }
    const after = await traces();
    const known = new Set(before.groups.map(({ groupId }) => groupId));
    expect(after.groups.filter(({ groupId }) => !known.has(groupId))).toEqual([]);
    // No worker runs here: whoever had committed anything of the topic would be the peek.
    const committed = after.offsets.flatMap(({ offsets }) => offsets.flatMap(({ partitions }) => partitions));
    expect(committed.filter(({ offset }) => offset !== '-1')).toEqual([]);
    expect(after.offsets).toEqual(before.offsets);
    expect(after.ends).toEqual(before.ends);
  });

  it('is refused when its topic is gone', async () => {
    await mgmt.public().post(PIPELINES).send({ id: 'lost', name: 'Lost', use_index_base_in_data: true }).expect(201);
    await admin.deleteTopics({ topics: [`${tenant}.sdp.lost.input`] });
    await until('the topic is gone', async () => !(await admin.listTopics()).includes(`${tenant}.sdp.lost.input`));
    const { body } = await preview({ id: 'lost', peek: {} }).expect(400);
    expect(body.error_details.faults).toMatchObject([
      { field: 'id', fault: `there is no topic ${tenant}.sdp.lost.input` },
    ]);
  });
});
