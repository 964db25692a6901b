import { committedRecords, type StoredBatch } from './committed-records.ts';

const transactional = 16;
const marker = (type: number) => Buffer.from([0, 0, 0, type]);

function batch(firstOffset: number, values: readonly string[], changes: Partial<StoredBatch> = {}): StoredBatch {
  return {
    firstOffset: BigInt(firstOffset),
    lastOffsetDelta: values.length - 1,
    firstTimestamp: 1000n,
    attributes: transactional,
    producerId: 7n,
    records: values.map((value, offsetDelta) => ({
      ...{ offsetDelta, timestampDelta: BigInt(offsetDelta), key: null, value: Buffer.from(value) },
      headers: [[Buffer.from('name'), Buffer.from('värde')]] as const,
    })),
    ...changes,
  };
}

function end(firstOffset: number, type: 0 | 1, producerId = 7n): StoredBatch {
  const record = { offsetDelta: 0, timestampDelta: 0n, key: marker(type), value: null, headers: [] };
  return { ...batch(firstOffset, []), lastOffsetDelta: 0, attributes: 48, producerId, records: [record] };
}

function valuesOf(...args: Parameters<typeof committedRecords>): string[] {
  return committedRecords(...args).map(({ value }) => String(value));
}

describe('committedRecords', () => {
  it('tells where a record stands, when it was written and what its headers say', () => {
    expect(committedRecords(3, [batch(40, ['a', 'b'])], [], 0n)[1]).toEqual({
      ...{ partition: 3, offset: 41, timestamp: 1001, key: null, value: Buffer.from('b') },
      headers: new Map([['name', 'värde']]),
    });
  });

  it('leaves out what stands before the wanted offset', () => {
    expect(valuesOf(0, [batch(40, ['a', 'b', 'c'])], [], 41n)).toEqual(['b', 'c']);
  });

  it('leaves out each aborted transaction of a producer, and nothing after it', () => {
    const batches = [
      ...[batch(0, ['lost']), end(1, 0), batch(2, ['kept']), end(3, 1), batch(4, ['lost too']), end(5, 0)],
      ...[batch(6, ['kept too']), end(7, 1)],
    ];
    const aborted = [
      { producerId: 7n, firstOffset: 4n },
      { producerId: 7n, firstOffset: 0n },
    ];
    expect(valuesOf(0, batches, aborted, 0n)).toEqual(['kept', 'kept too']);
  });

  it('keeps what others wrote meanwhile, in a transaction or without one', () => {
    const batches = [
      ...[batch(0, ['lost']), batch(1, ['other'], { producerId: 8n }), batch(2, ['plain'], { attributes: 0 })],
      end(3, 0),
    ];
    expect(valuesOf(0, batches, [{ producerId: 7n, firstOffset: 0n }], 0n)).toEqual(['other', 'plain']);
  });
});
