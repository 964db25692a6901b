import { drain, FIRST_TIMESTAMP } from '../../../../test/factories/record-batches.js';
import { RecordBatchWriter } from './record-batch.js';
import { RecordCursor } from './record-cursor.js';

const record = (value: string, timestamp = FIRST_TIMESTAMP) => ({
  timestamp,
  key: null,
  value: Buffer.from(value),
  headerCount: 0,
});

describe('a record batch on its way out', () => {
  it('carries producer, sequence and the transactional mark', () => {
    const writer = new RecordBatchWriter(10_000);
    writer.append(record('a', FIRST_TIMESTAMP + 9));
    writer.append(record('b'));
    const batch = writer.finish({ id: 2n ** 40n, epoch: 7 }, 12, true);
    expect({
      baseOffset: batch.readBigInt64BE(0),
      length: batch.readInt32BE(8),
      magic: batch[16],
      attributes: batch.readInt16BE(21),
      lastOffsetDelta: batch.readInt32BE(23),
      baseTimestamp: batch.readBigInt64BE(27),
      maxTimestamp: batch.readBigInt64BE(35),
      producerId: batch.readBigInt64BE(43),
      epoch: batch.readInt16BE(51),
      sequence: batch.readInt32BE(53),
      records: batch.readInt32BE(57),
    }).toEqual({
      baseOffset: 0n,
      length: batch.length - 12,
      magic: 2,
      attributes: 1 << 4,
      lastOffsetDelta: 1,
      baseTimestamp: BigInt(FIRST_TIMESTAMP + 9),
      maxTimestamp: BigInt(FIRST_TIMESTAMP + 9),
      producerId: 2n ** 40n,
      epoch: 7,
      sequence: 12,
      records: 2,
    });
  });

  it('never grows beyond its limit, but for a first record that is larger itself', () => {
    const writer = new RecordBatchWriter(500);
    const taken = Array.from({ length: 20 }, (_, n) => writer.append(record(`${n}`.padEnd(60, '.'))));
    expect(taken).toContain(false);
    expect(taken.indexOf(false)).toBe(writer.count);
    expect(writer.finish({ id: -1n, epoch: -1 }, 0, false).length).toBeLessThanOrEqual(500);

    const large = new RecordBatchWriter(500);
    expect([large.append(record('x'.repeat(5000))), large.append(record(''))]).toEqual([true, false]);
    const bytes = large.finish({ id: -1n, epoch: -1 }, 0, false);
    expect(drain(new RecordCursor(bytes, 0, [], { maxDecompressedBytes: 0 }))).toHaveLength(1);
  });

  it('writes both ranges of headers one after the other', () => {
    const writer = new RecordBatchWriter(10_000);
    writer.append({
      ...record('v'),
      headers: Buffer.from([2, 0x61, 2, 0x31]),
      moreHeaders: Buffer.from([2, 0x62, 1]),
      headerCount: 2,
    });
    const bytes = writer.finish({ id: -1n, epoch: -1 }, 0, false);
    expect(drain(new RecordCursor(bytes, 0, [], { maxDecompressedBytes: 0 }))[0]?.headers).toEqual([
      ['a', '1'],
      ['b', null],
    ]);
  });
});
