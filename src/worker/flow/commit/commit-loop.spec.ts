import { jest } from '@jest/globals';
import { commitPath, OUTPUT_TOPIC } from '../../../../test/factories/commit-path.js';
import { fill, batchBuilder, flowBatch, type FlowRecord, settleAll } from '../../../../test/factories/flow-batches.js';
import { kafkaFault, type Step } from '../../../../test/factories/scripted-kafka.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { FlowMetrics } from '../flow-metrics.js';
import { CommitLoop } from './commit-loop.js';

const { Indexed, Superseded, Rejected, Dropped } = ItemState;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start(maxGroupBytes = 1_000_000) {
  const path = commitPath();
  const metrics = new FlowMetrics();
  const listener = { onCommitted: jest.fn(), onFailure: jest.fn() };
  const loop = new CommitLoop(path.committer, metrics, listener, { maxGroupBytes }, path.aborter.signal);
  let offset = 0;
  /** A batch as it was read, in the ledger; each goes on where the one before it ended. */
  const read = async (count = 1, more: FlowRecord = {}): Promise<FlowBatch> => {
    const records = Array.from({ length: count }, () => ({ value: { at: offset }, offset: offset++, ...more }));
    const batch = await flowBatch(records);
    loop.push(batch);
    return batch;
  };
  const finish = (batch: FlowBatch) => loop.markFinal(settleAll(batch, Indexed));
  return { ...path, metrics, listener, loop, read, finish };
}

/** A commit that ends when the test says so. */
function held(): { step: Step; release: () => void } {
  const gate = Promise.withResolvers<void>();
  return { step: { meanwhile: () => gate.promise }, release: () => gate.resolve() };
}

describe('group commit', () => {
  it('takes only what everything before it is final of', async () => {
    const { kafka, read, finish, loop } = start();
    const [a, b, c] = [await read(), await read(), await read()];
    finish(c);
    finish(b);
    await settled();
    expect([kafka.commits, kafka.offsets.size]).toEqual([0, 0]);
    finish(a);
    await settled();
    expect([kafka.commits, kafka.offsets.get(0)?.offset]).toEqual([1, 3]);
    expect([loop.isEmpty, loop.bufferedBytes]).toEqual([true, 0]);
    expect(kafka.values(OUTPUT_TOPIC, 0).map((value) => (JSON.parse(value ?? '') as { at: number }).at)).toEqual([
      0, 1, 2,
    ]);
  });

  it('uses a batch again, and lets go of it when nothing moves', async () => {
    const { loop, read, finish } = start();
    const batch = await read();
    finish(batch);
    await settled();
    expect(loop.takeBatch()).toBe(batch);
    const other = await read();
    finish(other);
    await settled();
    loop.trim();
    expect(loop.takeBatch()).not.toBe(other);
  });

  it('gathers what becomes final while a transaction is under way', async () => {
    const { kafka, read, finish } = start();
    const batches = [await read(), await read(), await read(), await read()];
    const first = held();
    kafka.commitSteps = [first.step];
    batches.slice(0, 3).forEach(finish);
    await settled();
    expect(kafka.commits).toBe(1);
    first.release();
    await settled();
    await settled();
    expect([kafka.commits, kafka.offsets.get(0)?.offset]).toEqual([2, 3]);
  });

  it('wakes for what becomes final at any moment of the one before', async () => {
    // The turns between a commit and the next look at the ledger: at each of them a batch may become final.
    for (let turns = 0; turns < 12; turns++) {
      const { kafka, read, finish, loop } = start();
      const [a, b] = [await read(), await read()];
      finish(a);
      for (let turn = 0; turn < turns; turn++) {
        await Promise.resolve();
      }
      finish(b);
      await settled();
      await settled();
      expect([turns, kafka.offsets.get(0)?.offset, loop.isEmpty]).toEqual([turns, 2, true]);
    }
  });

  it('keeps a transaction to about so many bytes', async () => {
    const { kafka, read, finish } = start(1);
    const batches = [await read(), await read(), await read()];
    batches.forEach(finish);
    await settled();
    await settled();
    await settled();
    expect([kafka.commits, kafka.offsets.get(0)?.offset]).toEqual([3, 3]);
  });

  it('tells when there is room again, and what holds it', async () => {
    const { read, finish, loop, listener } = start();
    const [a, b] = [await read(10), await read(1)];
    expect(loop.bufferedBytes).toBe(a.recordBytes + b.recordBytes);
    const rest = b.recordBytes;
    finish(a);
    await settled();
    expect([loop.bufferedBytes, loop.isEmpty, listener.onCommitted.mock.calls.length]).toEqual([rest, false, 1]);
  });

  it('ends with the first commit that cannot be made, and keeps what it holds', async () => {
    const { kafka, read, finish, loop, listener } = start();
    const [a, b] = [await read(), await read()];
    kafka.commitSteps = [{ fault: kafkaFault('fenced') }];
    finish(a);
    await settled();
    finish(b);
    await settled();
    expect(listener.onFailure.mock.calls).toMatchObject([[{ code: 'TASK_MOVED' }]]);
    expect([kafka.commits, loop.isEmpty, listener.onCommitted.mock.calls.length]).toEqual([1, false, 0]);
  });

  it('uses a batch again only after it is committed', async () => {
    const { read, finish, loop } = start();
    const a = await read(3);
    expect(loop.takeBatch()).not.toBe(a);
    finish(a);
    await settled();
    expect(loop.takeBatch()).toBe(a);
    expect(a.isEmpty).toBe(true);
    expect(loop.takeBatch()).not.toBe(a);
  });
});

describe('what a task counts', () => {
  const rejection = { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' } as const;
  /** As the flow counts what it takes into a batch. */
  const countRead = (metrics: FlowMetrics, batch: FlowBatch) => {
    for (let item = 0; item < batch.count; item++) {
      metrics.read(1);
    }
  };

  it('is every committed record once, by what became of it', async () => {
    const { loop, metrics } = start();
    const batch = await flowBatch([
      ...Array.from({ length: 7 }, (_, n) => ({ value: '{}', timestamp: 1000 + n })),
      { value: null },
      { value: '{"__id":""}', timestamp: 5000 },
    ]);
    batch.settle(0, Superseded);
    batch.settle(1, Rejected, rejection);
    batch.settle(2, Rejected, rejection);
    batch.settle(3, Dropped);
    countRead(metrics, batch);
    loop.push(batch);
    expect(metrics).toMatchObject({ recordsIn: 9, recordsInFlight: 9, recordsSuperseded: 0, recordsSkipped: 0 });
    loop.markFinal(settleAll(batch, Indexed));
    await settled();
    expect(metrics).toMatchObject({
      recordsIn: 9,
      recordsInFlight: 0,
      recordsReplayed: 0,
      recordsIndexed: 3,
      recordsSuperseded: 1,
      recordsForwarded: 4,
      recordsSkipped: 1,
      recordsDropped: 1,
    });
    expect(metrics.take().recordsRejected).toEqual([
      { stage: 'index', code: 'DOCUMENT_REJECTED', count: 2 },
      { stage: 'annotate', code: 'DOCUMENT_ID_INVALID', count: 1 },
    ]);
    expect([...loop.committedTimestamps]).toEqual([[0, 5000]]);
  });

  it('is as replayed what others took over', async () => {
    const { loop, metrics, committed } = withTwoPartitions(await twoPartitions());
    countRead(metrics, committed);
    loop.lose((partition) => partition === 1);
    expect(metrics).toMatchObject({ recordsReplayed: 3, recordsInFlight: 2 });
    loop.markFinal(committed);
    await settled();
    expect(metrics).toMatchObject({ recordsIn: 5, recordsReplayed: 3, recordsIndexed: 2, recordsInFlight: 0 });
  });

  it('is as committed what was lost only after the transaction had taken it', async () => {
    const { loop, metrics, committed, kafka } = withTwoPartitions(await twoPartitions());
    countRead(metrics, committed);
    kafka.commitSteps = [{ meanwhile: () => void loop.lose((partition) => partition === 1) }];
    loop.markFinal(committed);
    await settled();
    expect(kafka.values(OUTPUT_TOPIC, 1)).toHaveLength(3);
    expect(metrics).toMatchObject({ recordsReplayed: 0, recordsIndexed: 5, recordsForwarded: 5, recordsInFlight: 0 });
    expect([...loop.committed.keys()]).toEqual([0]);
    expect([...loop.committedTimestamps.keys()]).toEqual([0]);
  });

  it('adds up at any moment: in − replayed = indexed + superseded + rejected + skipped + dropped + in flight', async () => {
    const { loop, metrics, rebalance } = start();
    const states = [Indexed, Superseded, Rejected, Dropped];
    const sums = { in: 0, out: 0 };
    const look = () => {
      const { counts, recordsRejected } = metrics.take();
      sums.in += counts.recordsIn - counts.recordsReplayed;
      sums.out += counts.recordsIndexed + counts.recordsSuperseded + counts.recordsSkipped + counts.recordsDropped;
      sums.out += recordsRejected.reduce((sum, { count }) => sum + count, 0);
      expect(sums.in).toBe(sums.out + metrics.recordsInFlight);
      expect(counts.recordsForwarded).toBe(counts.recordsIndexed + counts.recordsSuperseded);
    };
    for (let round = 0; round < 20; round++) {
      const batch = loop.takeBatch();
      const records = Array.from({ length: round }, (_, n) => ({
        value: n % 5 === 4 ? null : '{}',
        partition: n % 3,
        offset: round * 20 + n,
      }));
      await fill(batch, records, batchBuilder());
      countRead(metrics, batch);
      look();
      records.forEach(({ value }, n) => {
        const state = states[(n + round) % 4]!;
        if (value !== null) {
          batch.settle(n, state, state === Rejected ? rejection : undefined);
        }
      });
      loop.push(batch);
      if (round === 10) {
        rebalance(() => false);
        loop.lose((partition) => partition === 2);
        look();
      }
      loop.markFinal(batch);
      look();
      await settled();
      look();
    }
    expect(metrics.recordsInFlight).toBe(0);
    // 0 to 19 records a round; in one round partition 2 was lost with 3 of 10.
    expect(sums.in).toBe(190 - 3);
  });

  it('is the age of the oldest record that is left of a batch, when all of the batch is final', async () => {
    const { loop, metrics } = start();
    jest.spyOn(Date, 'now').mockReturnValue(10_000);
    const batch = await flowBatch([
      { value: '{}', timestamp: 8000 },
      { value: '{}', timestamp: 1000, partition: 1 },
      { value: '{}', timestamp: 7500 },
    ]);
    loop.push(batch);
    loop.lose((partition) => partition === 1);
    expect(metrics.take().observed.recordAgeSeconds).toEqual([]);
    loop.markFinal(settleAll(batch, Indexed));
    expect(metrics.take().observed.recordAgeSeconds).toEqual([2.5]);
    jest.restoreAllMocks();
    await settled();
  });
});

const twoPartitions = () => flowBatch([0, 1, 0, 1, 1].map((partition) => ({ value: '{}', partition })));

function withTwoPartitions(batch: FlowBatch) {
  const started = start();
  started.loop.push(batch);
  return { ...started, committed: settleAll(batch, Indexed) };
}

describe('partitions that others took over', () => {
  it('are not committed any more, and what is known of them is forgotten', async () => {
    const { loop, kafka, committed } = withTwoPartitions(await twoPartitions());
    loop.lose((partition) => partition === 1);
    loop.markFinal(committed);
    await settled();
    expect([...kafka.offsets.keys()]).toEqual([0]);
    expect([...loop.committed]).toEqual([[0, 2]]);
    loop.lose((partition) => partition === 0);
    expect([...loop.committed]).toEqual([]);
  });

  it('are left out of the transaction that is built again after the rebalance', async () => {
    const { loop, kafka, committed, rebalance, metrics } = withTwoPartitions(await twoPartitions());
    kafka.commitSteps = [
      {
        meanwhile: () => {
          rebalance(() => false);
          loop.lose((partition) => partition === 0);
        },
      },
    ];
    loop.markFinal(committed);
    await settled();
    expect([kafka.commits, [...kafka.offsets.keys()], metrics.recordsIndexed]).toEqual([2, [1], 3]);
    expect(metrics.recordsReplayed).toBe(2);
    expect(kafka.values(OUTPUT_TOPIC, 0)).toEqual([]);
  });
});
