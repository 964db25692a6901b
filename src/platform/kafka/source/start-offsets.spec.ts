import { kafkaFault, MEMBER, ScriptedKafka } from '../../../../test/factories/scripted-kafka.js';
import { StartOffsets, type StartEvent } from './start-offsets.js';

const TOPIC_ID = 'topic-id';
const never = new AbortController().signal;

interface Given {
  reset?: 'earliest' | 'latest';
  committed?: Record<number, { offset: number; metadata: string }>;
  partitions?: number[];
  partitionCount?: number;
}

function start({ reset = 'earliest', committed = {}, partitions = [0, 1, 2], partitionCount = 3 }: Given = {}) {
  const kafka = new ScriptedKafka();
  kafka.ends.earliest = 5;
  for (const [partition, offset] of Object.entries(committed)) {
    kafka.offsets.set(Number(partition), offset);
  }
  const events: StartEvent[] = [];
  const options = { topic: 'in', autoOffsetReset: reset };
  const starts = new StartOffsets(kafka.groupOffsets, options, (event) => events.push(event));
  const resolve = async (list = partitions) =>
    Object.fromEntries(await starts.resolve(list, partitionCount, TOPIC_ID, MEMBER, never));
  return { kafka, events, resolve };
}

const at = (offset: number, metadata = TOPIC_ID) => ({ offset, metadata });

describe('where reading starts', () => {
  it('is the committed offset', async () => {
    const { resolve, kafka, events } = start({ committed: { 0: at(40), 1: at(0), 2: at(7) }, reset: 'latest' });
    expect(await resolve()).toEqual({ 0: 40, 1: 0, 2: 7 });
    expect([kafka.offsets.get(1), events]).toEqual([at(0), []]);
  });

  it.each([
    ['earliest', 5],
    ['latest', 100],
  ] as const)('is %s for a group that never read, and is committed at once', async (reset, offset) => {
    const { resolve, kafka } = start({ reset });
    expect(await resolve()).toEqual({ 0: offset, 1: offset, 2: offset });
    expect([...kafka.offsets.values()]).toEqual([at(offset), at(offset), at(offset)]);
    // `latest` is resolved once: what comes in before a restart is read after it.
    kafka.ends.latest = 200;
    expect(await resolve()).toEqual({ 0: offset, 1: offset, 2: offset });
  });

  it.each(['earliest', 'latest'] as const)(
    'is the beginning of a partition that appeared later (%s)',
    async (reset) => {
      const { resolve, kafka } = start({ reset, committed: { 0: at(40), 1: at(50) }, partitions: [2] });
      expect(await resolve()).toEqual({ 2: 5 });
      expect(kafka.offsets.get(2)).toEqual(at(5));
    },
  );

  it('is the beginning when the topic is another one of the same name, and says so', async () => {
    const { resolve, kafka, events } = start({
      reset: 'latest',
      committed: { 0: at(40, 'older'), 1: at(50), 2: at(6, '') },
    });
    expect(await resolve()).toEqual({ 0: 5, 1: 50, 2: 6 });
    expect(events).toEqual([{ kind: 'topic_replaced', partition: 0, committedOffset: 40 }]);
    expect(kafka.offsets.get(0)).toEqual(at(5));
  });

  it('is unknown as long as Kafka does not say it: nothing is guessed', async () => {
    const { resolve, kafka } = start({ reset: 'latest', committed: { 0: at(40) } });
    kafka.readSteps = [{ fault: kafkaFault('transient', 'COORDINATOR_NOT_AVAILABLE') }];
    await expect(resolve()).rejects.toMatchObject({ code: 'COORDINATOR_NOT_AVAILABLE' });
    expect(kafka.offsets.size).toBe(1);
  });

  it('is not taken when it could not be committed by a member of an older generation', async () => {
    const { resolve, kafka } = start();
    kafka.member = { ...MEMBER, generationId: 2 };
    await expect(resolve()).rejects.toMatchObject({ kind: 'rebalance' });
  });
});
