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
    const bytes = batch.recordBytes;
    loop.push(batch);
    expect(metrics.recordsIn).toBe(0);
    loop.markFinal(settleAll(batch, Indexed));
    await settled();
    expect(metrics).toMatchObject({
      recordsIn: 9,
      bytesIn: bytes,
      indexed: 3,
      superseded: 1,
      forwarded: 4,
      skipped: 1,
      dropped: 1,
    });
    expect([...metrics.rejected.values()]).toEqual([
      { stage: 'index', code: 'DOCUMENT_REJECTED', count: 2 },
      { stage: 'annotate', code: 'DOCUMENT_ID_INVALID', count: 1 },
    ]);
    expect(loop.lastRecordTimestamp).toBe(5000);
  });

  it('is nothing of what others took over', async () => {
    const { loop, metrics, committed } = withTwoPartitions(await twoPartitions());
    loop.lose((partition) => partition === 1);
    loop.markFinal(committed);
    await settled();
    expect([metrics.recordsIn, metrics.indexed]).toEqual([2, 2]);
  });

  it('adds up: in = indexed + superseded + rejected + skipped + dropped', async () => {
    const { loop, metrics, rebalance } = start();
    const states = [Indexed, Superseded, Rejected, Dropped];
    for (let round = 0; round < 20; round++) {
      const batch = loop.takeBatch();
      const records = Array.from({ length: round }, (_, n) => ({
        value: n % 5 === 4 ? null : '{}',
        partition: n % 3,
        offset: round * 20 + n,
      }));
      await fill(batch, records, batchBuilder());
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
      }
      loop.markFinal(batch);
      await settled();
    }
    const rejected = [...metrics.rejected.values()].reduce((sum, { count }) => sum + count, 0);
    const { recordsIn, indexed, superseded, skipped, dropped, forwarded } = metrics;
    expect(recordsIn).toBe(indexed + superseded + rejected + skipped + dropped);
    expect(forwarded).toBe(indexed + superseded);
    // 0 to 19 records a round; in one round partition 2 was lost with 3 of 10.
    expect(recordsIn).toBe(190 - 3);
  });

  it('starts at nothing after each take', () => {
    const metrics = new FlowMetrics();
    const { bulkSeconds, rejected } = metrics;
    metrics.reject('index', 'DOCUMENT_REJECTED');
    metrics.bulkSeconds.push(1);
    metrics.recordsIn = 3;
    metrics.reset();
    expect(metrics).toEqual(new FlowMetrics());
    // What was given away stays as it was.
    expect([bulkSeconds, rejected.size]).toEqual([[1], 1]);
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
    expect([kafka.commits, [...kafka.offsets.keys()], metrics.recordsIn]).toEqual([2, [1], 3]);
    expect(kafka.values(OUTPUT_TOPIC, 0)).toEqual([]);
  });
});
