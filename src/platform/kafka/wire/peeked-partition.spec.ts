import { controlBatch, recordBatch } from '../../../../test/factories/record-batches.js';
import { PeekedPartition } from './peeked-partition.js';

const batch = (baseOffset: number, values: readonly string[]) =>
  recordBatch({ baseOffset, records: values.map((value, at) => ({ value, timestamp: 1000 + baseOffset + at })) });
const valuesOf = ({ records }: PeekedPartition) => records.map(({ value }) => value?.toString());

describe('a partition that is peeked at', () => {
  it('has nothing to be read when it is empty', () => {
    expect(new PeekedPartition(0, { start: 7, end: 7, count: 10 }).isExhausted).toBe(true);
  });

  it('is read from its end backwards, in windows that grow, each forwards', () => {
    const partition = new PeekedPartition(0, { start: 0, end: 10, count: 10 });
    const windows: number[] = [];
    while (!partition.isExhausted) {
      partition.widen();
      windows.push(partition.position);
      partition.take(
        batch(
          0,
          Array.from({ length: 10 }, (_, at) => `v${at}`),
        ),
        [],
        0,
      );
      expect(partition.isRead).toBe(true);
    }
    expect(windows).toEqual([9, 5, 0]);
    expect(valuesOf(partition)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9']);
    expect(partition.oldestTimestamp).toBe(1000);
  });

  it('keeps the newest when it has more than are wanted', () => {
    const partition = new PeekedPartition(0, { start: 0, end: 10, count: 3 });
    partition.widen();
    partition.take(batch(9, ['v9']), [], 0);
    partition.widen();
    partition.take(batch(5, ['v5', 'v6', 'v7', 'v8']), [], 0);
    expect(valuesOf(partition)).toEqual(['v7', 'v8', 'v9']);
    expect(partition.isExhausted).toBe(true);
  });

  it('goes on behind what a fetch has brought', () => {
    const partition = new PeekedPartition(0, { start: 0, end: 5, count: 5 });
    partition.widen();
    partition.take(batch(4, ['v4']), [], 0);
    partition.widen();
    partition.take(batch(0, ['v0', 'v1']), [], 0);
    expect([partition.position, partition.isRead]).toEqual([2, false]);
    partition.take(batch(2, ['v2', 'v3', 'v4']), [], 0);
    expect(valuesOf(partition)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
  });

  it('passes over markers and what was aborted', () => {
    const partition = new PeekedPartition(0, { start: 0, end: 4, count: 5 });
    partition.widen();
    partition.take(controlBatch(3, 7n, 'abort'), [], 0);
    expect(partition.isRead).toBe(true);
    partition.widen();
    const aborted = recordBatch({ baseOffset: 1, producerId: 7n, isTransactional: true, records: [{ value: 'x' }] });
    partition.take(
      Buffer.concat([batch(0, ['v0']), aborted, controlBatch(2, 7n, 'abort')]),
      [{ producerId: 7n, firstOffset: 1 }],
      0,
    );
    expect(valuesOf(partition)).toEqual(['v0']);
    expect(partition.isExhausted).toBe(true);
  });

  it('ends its window where compaction has left nothing', () => {
    const partition = new PeekedPartition(0, { start: 0, end: 4, count: 5 });
    partition.widen();
    partition.close();
    expect([partition.isRead, partition.isExhausted, valuesOf(partition)]).toEqual([true, false, []]);
  });

  it('shows tombstones, and copies what it keeps', () => {
    const partition = new PeekedPartition(2, { start: 0, end: 1, count: 5 });
    partition.widen();
    const bytes = recordBatch({ records: [{ value: null, key: 'k', timestamp: 5 }] });
    partition.take(bytes, [], 0);
    expect(partition.records).toEqual([
      { partition: 2, offset: 0, timestamp: 5, value: null, extraBytes: expect.any(Number) },
    ]);
  });
});
