import { drain, FIRST_TIMESTAMP } from '../../../../test/factories/record-batches.js';
import { OutgoingBatches } from './outgoing-batches.js';
import { RecordCursor } from './record-cursor.js';

const record = (value: string) => ({
  timestamp: FIRST_TIMESTAMP,
  key: null,
  value: Buffer.from(value),
  headerCount: 0,
});

const source = { partition: 0, offset: 0 };

/** Values batch by batch of each partition. */
function contents(batches: OutgoingBatches): Record<string, (string | null)[][]> {
  return Object.fromEntries(
    batches.partitions().map(({ topic, partition, writers }) => [
      `${topic}/${partition}`,
      writers.map((writer) => {
        const bytes = writer.finish({ id: 1n, epoch: 0 }, 0, true);
        return drain(new RecordCursor(bytes, 0, [], { maxDecompressedBytes: 0 })).map(({ value }) => value);
      }),
    ]),
  );
}

describe('outgoing batches', () => {
  it('sort records by topic and partition, in the order of adding', () => {
    const batches = new OutgoingBatches({ maxBatchBytes: 10_000, maxRecordsOf: () => Infinity });
    for (const [topic, partition, value] of [
      ['out', 0, 'a'],
      ['out', 1, 'b'],
      ['out', 0, 'c'],
      ['err', 0, 'd'],
      ['out', 1, 'e'],
    ] as const) {
      batches.add(topic, partition, record(value), source);
    }
    expect(contents(batches)).toEqual({ 'out/0': [['a', 'c']], 'out/1': [['b', 'e']], 'err/0': [['d']] });
    expect(batches.recordCount).toBe(5);
  });

  it('begin another batch when one is full, and let a record above the limit travel alone', () => {
    const batches = new OutgoingBatches({ maxBatchBytes: 300, maxRecordsOf: () => Infinity });
    const values = ['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(1000), 'd', 'e'];
    for (const value of values) {
      batches.add('out', 0, record(value), source);
    }
    const written = contents(batches)['out/0'];
    expect(written?.flat()).toEqual(values);
    expect(written).toContainEqual([values[2]]);
    expect(written?.at(-1)).toEqual(['d', 'e']);
  });

  it('hold no more records than the limit of their partition', () => {
    const limits = { maxBatchBytes: 10_000, maxRecordsOf: (topic: string) => (topic === 'out' ? 2 : Infinity) };
    const batches = new OutgoingBatches(limits);
    for (const value of ['a', 'b', 'c', 'd', 'e']) {
      batches.add('out', 0, record(value), source);
      batches.add('err', 0, record(value), source);
    }
    expect(contents(batches)).toEqual({
      'out/0': [['a', 'b'], ['c', 'd'], ['e']],
      'err/0': [['a', 'b', 'c', 'd', 'e']],
    });
  });
});
