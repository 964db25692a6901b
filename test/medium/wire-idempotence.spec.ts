import { randomUUID } from 'node:crypto';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import type { GroupMember } from '../../src/platform/kafka/wire/commit-producer.js';
import { GroupOffsets } from '../../src/platform/kafka/wire/group-offsets.js';
import { IdempotentProducer } from '../../src/platform/kafka/wire/idempotent-producer.js';
import { KafkaFault } from '../../src/platform/kafka/wire/kafka-fault.js';
import { KafkaWire } from '../../src/platform/kafka/wire/kafka-wire.js';
import { type LeaderWriterPorts, RecordRefused } from '../../src/platform/kafka/wire/leader-writer.js';
import { OutgoingBatches } from '../../src/platform/kafka/wire/outgoing-batches.js';
import { produceBatches } from '../../src/platform/kafka/wire/produce-api.js';
import { type ProducerIdentity, RecordBatchWriter } from '../../src/platform/kafka/wire/record-batch.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { recordingLogger, testConnection, untilAnswered } from './kafka-fixture.js';
import { joinGroup } from './round-trips.js';

type Produce = LeaderWriterPorts['produce'];

const connection = testConnection({ clientId: 'idempotence-test' });
const TOO_LARGE = 'x'.repeat(30_000);
const lost = () => new KafkaFault('NETWORK', 'transient', 'the answer was lost');

describe('an idempotent producer and a real broker', () => {
  const input = `idempotent-in-${randomUUID()}`;
  const groupId = `idempotent-${randomUUID()}`;
  const topics = new TopicAdmin(connection, recordingLogger().logger);
  const wire = new KafkaWire(connection, 'test');
  const offsets = new GroupOffsets(wire, groupId);
  const made = [input];
  let membership: Awaited<ReturnType<typeof joinGroup>>['membership'];
  let member: GroupMember;
  let topic: string;
  let nextOffset = 0;

  beforeAll(async () => {
    await topics.ensureTopic({ topic: input, partitions: 1 });
    await untilAnswered('the coordinator of the group answers', () =>
      offsets.committed(input, [0], AbortSignal.timeout(5000)),
    );
    ({ membership, member } = await joinGroup(connection, groupId, input));
  });
  beforeEach(async () => {
    topic = `idempotent-${randomUUID()}`;
    made.push(topic);
    await topics.ensureTopic({ topic, partitions: 1, configEntries: { 'max.message.bytes': '20000' } });
    await untilAnswered('the topic has a leader', async () => {
      const leader = (await wire.metadata([topic], true)).topics.get(topic)?.partitions[0]?.leader ?? -1;
      if (leader < 0) {
        throw lost();
      }
    });
  });
  afterAll(async () => {
    await membership.leave();
    await wire.close();
    await topics.deleteTopics(made);
    await topics.close();
  });

  async function producerOver(produce: Produce): Promise<IdempotentProducer> {
    const producer = new IdempotentProducer(wire, offsets, { requestTimeoutMs: 10_000 }, produce);
    await untilAnswered('the broker gives an identity', () => producer.initialise());
    return producer;
  }

  /** One record a batch, each with an offset of its own. */
  function batchesOf(values: readonly string[], maxRecords = 1): OutgoingBatches {
    const batches = new OutgoingBatches({ maxBatchBytes: 900_000, maxRecordsOf: () => maxRecords });
    for (const [offset, value] of values.entries()) {
      const record = { timestamp: Date.now(), key: null, value: Buffer.from(value), headerCount: 0 };
      batches.add(topic, 0, record, { partition: 0, offset: nextOffset + offset });
    }
    return batches;
  }

  const commit = (producer: IdempotentProducer, values: readonly string[]) =>
    producer.commit(batchesOf(values), [{ topic: input, partition: 0, offset: nextOffset, metadata: '' }], member);
  const written = async () => (await readCommittedRecords(topic)).map(({ value }) => value?.toString());
  const letters = (count: number) => Array.from({ length: count }, (_, n) => `record ${n}`);

  afterEach(() => {
    nextOffset += 100;
  });

  it('writes once what it sends again because answers were lost', async () => {
    const losses = [false, false, true, false, true];
    const producer = await producerOver(async (...request) => {
      const answer = await produceBatches(...request);
      if (losses.shift()) {
        throw lost();
      }
      return answer;
    });
    const values = letters(8);
    await expect(commit(producer, values)).rejects.toMatchObject({ kind: 'transient' });
    await producer.recover();
    await commit(producer, values);
    expect(await written()).toEqual(values);
  });

  it('writes once and in order what stands behind a refused record, though the broker has never met it', async () => {
    const producer = await producerOver(produceBatches);
    const values = letters(5);
    const refusal = await commit(producer, [TOO_LARGE, ...values]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RecordRefused);
    expect(refusal).toMatchObject({ code: 'MESSAGE_TOO_LARGE', firstIndex: 0, count: 1 });
    await producer.recover();
    await commit(producer, values);
    expect(await written()).toEqual(values);
  });

  it('keeps what is written before a refused record', async () => {
    const producer = await producerOver(produceBatches);
    const [first = '', second = '', ...others] = letters(6);
    await expect(commit(producer, [first, second, TOO_LARGE, ...others])).rejects.toMatchObject({ firstIndex: 2 });
    await producer.recover();
    await commit(producer, [first, second, ...others]);
    expect(await written()).toEqual([first, second, ...others]);
  });

  it.each<[what: string, code: string, disturb: (request: Parameters<Produce>, seen: Seen) => Promise<unknown>]>([
    [
      'has lost count of it',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      // Somebody else writes under the same identity: two records, so that it is no batch of ours.
      (request, { identity, next }) => strangersWrite(request, identity, next, 2),
    ],
    [
      'knows a newer epoch of it',
      'INVALID_PRODUCER_EPOCH',
      (request, { identity }) => strangersWrite(request, { ...identity, epoch: identity.epoch + 1 }, 0, 1),
    ],
  ])('goes on under a new identity when the broker %s', async (_what, code, disturb) => {
    let isDisturbed = false;
    const identities = new Set<bigint>();
    const producer = await producerOver(async (...request) => {
      const [, , , , batches] = request;
      const batch = batches[0]?.batch ?? Buffer.alloc(0);
      const identity = { id: batch.readBigInt64BE(43), epoch: batch.readInt16BE(51) };
      const next = batch.readInt32BE(53);
      identities.add(identity.id);
      if (next > 0 && !isDisturbed) {
        isDisturbed = true;
        await disturb(request, { identity, next });
      }
      return produceBatches(...request);
    });
    await commit(producer, ['before']);
    nextOffset += 1;
    await expect(commit(producer, ['after'])).rejects.toMatchObject({ code, kind: 'transient' });
    await producer.recover();
    await commit(producer, ['after']);
    expect((await written()).filter((value) => value !== 'stranger')).toEqual(['before', 'after']);
    expect(identities.size).toBe(2);
  });

  it('takes no batch of the next commit for one that was written, though they are as many', async () => {
    const producer = await producerOver(produceBatches);
    const old = { ...member, generationId: member.generationId - 1 };
    const target = [{ topic: input, partition: 0, offset: nextOffset, metadata: '' }];
    await expect(producer.commit(batchesOf(['first']), target, old)).rejects.toMatchObject({ kind: 'rebalance' });
    // Nobody tells the producer that somebody else has committed it meanwhile.
    await producer.recover();
    nextOffset += 1;
    await commit(producer, ['second']);
    expect(await written()).toEqual(['first', 'second']);
  });
});

interface Seen {
  identity: ProducerIdentity;
  /** Sequence number that comes next. */
  next: number;
}

async function strangersWrite(
  [leader, version, , timeoutMs, batches]: Parameters<Produce>,
  identity: ProducerIdentity,
  sequence: number,
  count: number,
): Promise<void> {
  const writer = new RecordBatchWriter(10_000);
  for (let n = 0; n < count; n++) {
    writer.append({ timestamp: Date.now(), key: null, value: Buffer.from('stranger'), headerCount: 0 });
  }
  const batch = writer.finish(identity, sequence, false);
  const { topic = '', partition = 0 } = batches[0] ?? {};
  const [answer] = await produceBatches(leader, version, null, timeoutMs, [{ topic, partition, batch }]);
  expect(answer?.errorCode).toBe(0);
}
