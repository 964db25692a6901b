import { RecordCursor } from '../../../platform/kafka/wire/record-cursor.js';
import {
  batchBuilder,
  documents,
  fill,
  flowBatch,
  PIPELINE_ID,
  statesOf,
} from '../../../../test/factories/flow-batches.js';
import { FIRST_TIMESTAMP, writtenBatch } from '../../../../test/factories/record-batches.js';
import { documentsOf } from '../../../../test/factories/scripted-search.js';
import { FlowBatch } from './flow-batch.js';
import { ItemState } from './item-state.js';

const { Pending, Indexed, Rejected, Lost } = ItemState;
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const texts = (batch: FlowBatch, of: (item: number) => Buffer | null): (string | null)[] =>
  Array.from({ length: batch.count }, (_, item) => of(item)?.toString() ?? null);

describe('a batch', () => {
  it('keeps of each record where it was, its original bytes, and its document', async () => {
    const batch = await flowBatch([
      { value: '{"n":1}', key: 'k', partition: 3, offset: 40, headers: [['h', 'v']], timestamp: FIRST_TIMESTAMP },
      { value: 'text', partition: 4, offset: 7, timestamp: 5 },
    ]);
    const places = [0, 1].map((item) => [batch.partition(item), batch.offset(item), batch.timestamp(item)]);
    expect(places).toEqual([
      [3, 40, FIRST_TIMESTAMP],
      [4, 7, 5],
    ]);
    expect(texts(batch, (item) => batch.key(item))).toEqual(['k', null]);
    expect(texts(batch, (item) => batch.value(item))).toEqual(['{"n":1}', 'text']);
    expect(batch.rawHeaders(0).toString('hex')).toBe('0202680276');
    expect(texts(batch, (item) => batch.document(item))).toEqual([
      expect.stringMatching(/^\{"n":1,.*"__id":"p1\[3\]@40-1735689600123"\}$/),
      expect.stringMatching(/^\{"message":"text",.*\}$/),
    ]);
    expect([...batch.nextOffsets]).toEqual([
      [3, 41],
      [4, 8],
    ]);
  });

  it('makes a bulk body of all documents, and the lines of each alone', async () => {
    const batch = await flowBatch(documents(3));
    const whole = documentsOf(batch.wholeBody());
    expect(whole.map(({ id, document }) => [id, document['n']])).toEqual(
      [0, 1, 2].map((n) => [`${PIPELINE_ID}[0]@${n}-${FIRST_TIMESTAMP}`, n]),
    );
    expect([0, 1, 2].flatMap((item) => documentsOf(batch.lines(item)))).toEqual(whole);
  });

  it('holds many more records than it was made for, and large ones', async () => {
    const batch = await flowBatch([...documents(700), { value: { n: 'x'.repeat(300_000) } }, ...documents(1)]);
    expect(batch.count).toBe(702);
    const sent = documentsOf(batch.wholeBody()).map(({ document }) => document['n']);
    expect(sent).toEqual([...Array.from({ length: 700 }, (_, n) => n), 'x'.repeat(300_000), 0]);
    expect(batch.offset(701)).toBe(701);
  });

  it('counts what is not final', async () => {
    const batch = await flowBatch([...documents(3), { value: null }]);
    expect([batch.pending, batch.documents, batch.count]).toEqual([3, 3, 4]);
    batch.settle(0, Indexed);
    batch.settle(1, Rejected, { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' });
    expect([batch.pending, batch.documents]).toEqual([1, 3]);
    expect(statesOf(batch)).toEqual([Indexed, Rejected, Pending, ItemState.Skipped]);
    expect(batch.rejections.get(1)).toMatchObject({ code: 'DOCUMENT_REJECTED' });
  });

  it('counts the bytes of its records, whatever becomes of them', async () => {
    const batch = await flowBatch([{ value: 'x'.repeat(1000), key: 'k'.repeat(50) }, { value: null }]);
    expect(batch.recordBytes).toBeGreaterThanOrEqual(1050);
    expect(batch.recordBytes).toBeLessThan(1100);
  });

  it('is empty until a record or a next offset is in it', () => {
    const batch = new FlowBatch();
    expect(batch.isEmpty).toBe(true);
    batch.nextOffsets.set(0, 5);
    expect(batch.isEmpty).toBe(false);
  });

  it('holds nothing of before when it is used again', async () => {
    const used = await flowBatch([
      ...documents(3, () => ({ __id: 'same' })),
      { value: Buffer.from([0xff]) },
      { value: '{\n"n":1}' },
      { value: '{"__id":""}' },
    ]);
    used.lose((partition) => partition === 0);
    used.truncated.add(0);
    used.attempts = 4;
    used.reset();
    expect(used.isEmpty).toBe(true);
    await fill(used, documents(2), batchBuilder());
    const fresh = await flowBatch(documents(2));
    const visible = ({ body: _body, ...rest }: FlowBatch) => ({ ...rest, states: undefined, fields: undefined });
    expect(statesOf(used)).toEqual(statesOf(fresh));
    expect(used.wholeBody().equals(fresh.wholeBody())).toBe(true);
    for (const part of [
      'ownIds',
      'outputs',
      'invalidUtf8',
      'truncated',
      'rejections',
      'attempts',
      'documents',
    ] as const) {
      expect(visible(used)[part]).toEqual(visible(fresh)[part]);
    }
  });
});

describe('partitions that other members have now', () => {
  it('take their records and next offsets out of a batch, final or not', async () => {
    const batch = await flowBatch([
      { value: { n: 0 }, partition: 0 },
      { value: { n: 1 }, partition: 1 },
      { value: { n: 2 }, partition: 1 },
      { value: { n: 3 }, partition: 2 },
    ]);
    batch.settle(2, Indexed);
    batch.lose((partition) => partition === 1);
    expect(statesOf(batch)).toEqual([Pending, Lost, Lost, Pending]);
    expect(batch.pending).toBe(2);
    expect([...batch.nextOffsets.keys()]).toEqual([0, 2]);
  });

  it('keep their records lost, whatever is heard of them later', async () => {
    const batch = await flowBatch(documents(2));
    batch.lose(() => true);
    batch.settle(0, Indexed);
    batch.settle(1, Rejected, { code: 'DOCUMENT_REJECTED', reason: 'no', stage: 'index' });
    expect(statesOf(batch)).toEqual([Lost, Lost]);
    expect(batch.pending).toBe(0);
    expect(batch.rejections.size).toBe(0);
  });
});

describe('what is told of a batch', () => {
  const records = [
    { value: '{}', partition: 0, timestamp: 500 },
    { value: '{}', partition: 1, timestamp: 100 },
    { value: '{}', partition: 0, timestamp: 300 },
    { value: '{}', partition: 1, timestamp: 200 },
  ];

  it('is the time of its first and last record in each partition, and of the oldest of all', async () => {
    const batch = await flowBatch(records);
    const known = new Map([[1, 7]]);
    batch.addFirstTimestamps(known);
    expect([...known]).toEqual([
      [1, 7],
      [0, 500],
    ]);
    const last = new Map([[1, 7]]);
    batch.setLastTimestamps(last);
    expect([...last]).toEqual([
      [1, 200],
      [0, 300],
    ]);
    expect(batch.oldestTimestamp()).toBe(100);
  });

  it('is nothing of what is lost, and no age of records without a time', async () => {
    const batch = await flowBatch([...records, { value: '{}', partition: 0, timestamp: -1 }]);
    expect([batch.lose((partition) => partition === 1), batch.lose((partition) => partition === 1)]).toEqual([2, 0]);
    const [first, last] = [new Map<number, number>(), new Map<number, number>()];
    batch.addFirstTimestamps(first);
    batch.setLastTimestamps(last);
    expect([[...first], [...last], batch.oldestTimestamp()]).toEqual([[[0, 500]], [[0, -1]], 300]);
    batch.lose(() => true);
    expect(batch.oldestTimestamp()).toBeUndefined();
  });

  it('is the states that a transaction took, whatever is lost afterwards', async () => {
    const batch = await flowBatch(records);
    batch.settle(0, Indexed);
    batch.lose((partition) => partition === 1);
    batch.seal();
    batch.lose(() => true);
    expect(range(4).map((item) => batch.sealedState(item))).toEqual([Indexed, Lost, Pending, Lost]);
  });

  it('is the same of a batch that grew', async () => {
    const batch = await flowBatch(documents(700));
    batch.settle(699, Indexed);
    batch.seal();
    expect([batch.sealedState(0), batch.sealedState(699)]).toEqual([Pending, Indexed]);
  });
});

describe('records of one fetched buffer', () => {
  it('stay readable when others came in between', async () => {
    const batch = new FlowBatch();
    const builder = batchBuilder();
    const limits = { maxDecompressedBytes: 0 };
    const first = new RecordCursor(writtenBatch([{ value: 'a1' }, { value: 'a2' }]), 0, [], limits);
    const second = new RecordCursor(writtenBatch([{ value: 'b1' }]), 0, [], limits);
    for (const [cursor, partition] of [
      [first, 0],
      [second, 1],
      [first, 0],
    ] as const) {
      cursor.next();
      await builder.add(batch, cursor, partition);
    }
    expect(texts(batch, (item) => batch.value(item))).toEqual(['a1', 'b1', 'a2']);
  });
});
