import { recordBatch } from '../../../../test/factories/record-batches.js';
import { offsetBehind } from './batch-ends.js';

const batch = (baseOffset: number, lastOffsetDelta: number): Buffer =>
  recordBatch({ baseOffset, lastOffsetDelta, records: [{ value: 'v' }] });

describe('the offset behind a fetched answer', () => {
  it.each([
    ['nothing', [], 7, 7],
    ['one batch', [batch(7, 2)], 7, 10],
    ['several', [batch(7, 2), batch(10, 0), batch(20, 4)], 7, 25],
    ['a batch that began before', [batch(5, 4)], 7, 10],
    ['a batch that lies before', [batch(1, 1)], 7, 7],
    ['a last batch that was cut', [batch(7, 2), batch(10, 5).subarray(0, 65)], 7, 10],
    ['a first batch that was cut', [batch(7, 2).subarray(0, 60)], 7, 7],
    ['a batch that compaction emptied', [recordBatch({ baseOffset: 7, lastOffsetDelta: 3 })], 7, 11],
  ])('%s', (_what, batches, fetchOffset, expected) => {
    expect(offsetBehind(Buffer.concat(batches), fetchOffset)).toBe(expected);
  });
});
