import { HandlerFailure } from '../../../handlers/handler-failure.js';
import { RecordRefusal } from '../../../handlers/record-fault.js';
import { HandlerChain } from '../../../stream/handler-chain.js';
import { fail, next, type Outcome, stop } from '../../../stream/outcome.js';
import {
  flowBatch,
  type FlowBatchOptions,
  type FlowRecord,
  statesOf,
} from '../../../../test/factories/flow-batches.js';
import type { RecordContext } from '../../../document/record-context.js';
import { ItemState } from './item-state.js';

const { Pending, Rejected, Skipped, Dropped } = ItemState;

const only = async (record: FlowRecord, options: FlowBatchOptions = {}) => {
  const batch = await flowBatch([record], options);
  return { batch, state: batch.state(0), rejection: batch.rejections.get(0) };
};

describe('what becomes of a record on its way to the bulk', () => {
  it('an object is kept byte for byte and annotated', async () => {
    const { batch, state } = await only({ value: '{ "big":9007199254740993, "a":1.10 }' });
    expect(state).toBe(Pending);
    expect(batch.document(0).toString()).toMatch(/^\{ "big":9007199254740993, "a":1\.10 ,"__pipeline_id":"p1",/);
  });

  it.each(['text', '[1]', '17', '', '{"a":'])('anything else becomes a message: %j', async (value) => {
    const { batch } = await only({ value });
    expect(JSON.parse(batch.document(0).toString())).toMatchObject({ message: value });
    expect(batch.invalidUtf8.has(0)).toBe(false);
  });

  it('bytes that are no UTF-8 are marked', async () => {
    const { batch } = await only({ value: Buffer.from([0x61, 0xff]) });
    expect(JSON.parse(batch.document(0).toString())).toMatchObject({ message: 'a\ufffd' });
    expect([...batch.invalidUtf8]).toEqual([0]);
  });

  it('a tombstone is skipped, or rejected when the pipeline says so', async () => {
    expect(await only({ value: null })).toMatchObject({ state: Skipped, rejection: undefined });
    expect(await only({ value: null }, { tombstones: 'error' })).toMatchObject({
      state: Rejected,
      rejection: { code: 'TOMBSTONE', stage: 'json' },
    });
  });

  it('key, value and headers together may not be larger than the limit', async () => {
    const options = { maxRecordBytes: 1000 };
    const value = JSON.stringify({ a: 'x'.repeat(600) });
    expect(await only({ value }, options)).toMatchObject({ state: Pending });
    for (const record of [
      { value, key: 'k'.repeat(500) },
      { value, headers: [['h', 'v'.repeat(500)]] as const },
    ]) {
      expect(await only(record, options)).toMatchObject({
        state: Rejected,
        rejection: { code: 'RECORD_TOO_LARGE', stage: 'json' },
      });
    }
  });

  it('nesting over the limit is rejected', async () => {
    const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    expect(await only({ value: deep(200) })).toMatchObject({ state: Pending });
    expect(await only({ value: deep(201) })).toMatchObject({
      state: Rejected,
      rejection: { code: 'JSON_TOO_DEEP', stage: 'json' },
    });
  });

  it.each(['""', 'null', '1.5', '{}', `"${'x'.repeat(513)}"`])(
    'an own id that cannot be one is rejected: %s',
    async (id) => {
      expect(await only({ value: `{"__id":${id}}` })).toMatchObject({
        state: Rejected,
        rejection: { code: 'DOCUMENT_ID_INVALID', stage: 'annotate' },
      });
    },
  );

  it('what is rejected or skipped leaves nothing in the bulk body', async () => {
    const { batch } = await only({ value: '{"__id":""}' });
    expect([batch.wholeBody().length, batch.documents, batch.pending]).toEqual([0, 0, 0]);
  });

  it('raw line breaks are spaces in the bulk, and stay in what is forwarded', async () => {
    const { batch } = await only({ value: '{\n"a":1\r\n}' });
    expect(batch.lines(0).toString().match(/\n/g)).toHaveLength(2);
    expect(batch.document(0).toString()).toMatch(/^\{\n"a":1\r\n,.*\}$/);
  });

  it('records of one alias, routing and id are known as the same document', async () => {
    const batch = await flowBatch(
      ['{"__id":"a"}', '{"__id":"a","n":2}', '{"__id":"b"}', '{"n":1}', '{"__id":"a","__index_base":"other"}'].map(
        (value) => ({ value }),
      ),
      { foreignBases: ['other'] },
    );
    const ids = [0, 1, 2, 3, 4].map((item) => batch.ownIds.get(item));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[3]).toBeUndefined();
    expect(new Set([ids[0], ids[2], ids[4]]).size).toBe(3);
  });

  it('an integer id is the same document as its text', async () => {
    const batch = await flowBatch([{ value: '{"__id":17}' }, { value: '{"__id":"17"}' }]);
    expect(batch.ownIds.get(0)).toBe(batch.ownIds.get(1));
  });
});

describe('the base that a record names', () => {
  const named = (base: unknown) => ({ value: { __index_base: base } });

  it('is where the record goes, and the pipeline’s own is for those that name none', async () => {
    const batch = await flowBatch([named('other'), named('web'), { value: {} }, named(17), named('')], {
      foreignBases: ['other'],
    });
    expect([0, 1, 2, 3, 4].map((item) => batch.base(item)?.baseType)).toEqual(['other', 'web', 'web', 'web', 'web']);
    expect(batch.actionLine(0).toString()).toContain('"_index":"mdl-other"');
    expect(batch.bases.map(({ outputTopic }) => outputTopic)).toEqual([
      'default.mdl.process.other',
      'default.mdl.process.web',
    ]);
  });

  it.each([
    ['Not Legal', 'INDEX_BASE_INVALID'],
    ['nobody-knows-it', 'INDEX_BASE_NOT_FOUND'],
  ])('%s is rejected: %s', async (base, code) => {
    const { state, rejection } = await only(named(base), { foreignBases: ['other'] });
    expect([state, rejection]).toMatchObject([Rejected, { code, stage: 'annotate' }]);
  });

  it('is not looked at unless the pipeline asks for it', async () => {
    const { batch } = await only(named('nobody-knows-it'), { useIndexBaseInData: false });
    expect(batch.base(0)?.baseType).toBe('web');
  });

  it('does not mix up the records that wait for it with those behind them', async () => {
    const batch = await flowBatch(
      ['x', 'y', 'z'].map((n) => ({ value: { __index_base: n, n, pad: n.repeat(n.charCodeAt(0)) } })),
      { foreignBases: ['x', 'y', 'z'] },
    );
    expect([0, 1, 2].map((item) => JSON.parse(batch.document(item).toString()) as object)).toEqual(
      ['x', 'y', 'z'].map((n): unknown => expect.objectContaining({ n, __index_base: n })),
    );
  });
});

describe('configured handlers', () => {
  const chainOf = (handler: (context: RecordContext) => Outcome | Promise<Outcome>) =>
    new HandlerChain<RecordContext>({ base: [handler] });

  it('may leave a record out, which is final then', async () => {
    const { batch, state } = await only({ value: {} }, { chain: chainOf(() => stop('not wanted')) });
    expect([state, batch.pending]).toEqual([Dropped, 0]);
  });

  it('that fail, or throw, reject the record', async () => {
    const thrower = chainOf(() => {
      throw new Error('a bug');
    });
    for (const [chain, reason] of [
      [chainOf(() => fail(new Error('not a number'))), 'not a number'],
      [thrower, 'a bug'],
    ] as const) {
      const { state, rejection } = await only({ value: {} }, { chain });
      expect([state, rejection]).toMatchObject([
        Rejected,
        { code: 'HANDLER_FAILED', reason: expect.stringContaining(reason), stage: expect.stringMatching(/^handler:/) },
      ]);
    }
  });

  it('what they nest too deep is rejected, as one that came so is', async () => {
    const deep = (levels: number) => Buffer.from(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    const nesting = (levels: number) => chainOf((context) => ((context.record = deep(levels)), next));

    expect(await only({ value: '{}' }, { chain: nesting(200) })).toMatchObject({ state: Pending });
    expect(await only({ value: '{}' }, { chain: nesting(201) })).toMatchObject({
      state: Rejected,
      rejection: { code: 'HANDLER_FAILED', stage: 'handler:chain', reason: expect.stringContaining('200 levels') },
    });
  });

  it('says which configured handler it was, and whether it refused the record on purpose', async () => {
    const failing = (cause: Error) => chainOf(() => fail(new HandlerFailure(2, 'reject', cause)));

    expect(await only({ value: '{}' }, { chain: failing(new RecordRefusal('unpaid')) })).toMatchObject({
      rejection: { code: 'HANDLER_REJECTED', stage: 'handler:reject', reason: 'handlers[2] (reject): unpaid' },
    });
    expect(await only({ value: '{}' }, { chain: failing(new Error('odd')) })).toMatchObject({
      rejection: { code: 'HANDLER_FAILED', stage: 'handler:reject' },
    });
  });

  it.each([
    ['at once', (change: () => void) => (change(), next)],
    ['after a while', (change: () => void) => Promise.resolve().then(() => (change(), next))],
  ])('change what is indexed, and not the original: %s', async (_when, run) => {
    const chain = chainOf((context) => run(() => (context.record = Buffer.from('{"changed":true}'))));
    const batch = await flowBatch([{ value: '{"n":1}' }, { value: 'text' }], { chain });
    expect(statesOf(batch)).toEqual([Pending, Pending]);
    expect([0, 1].map((item) => batch.value(item)?.toString())).toEqual(['{"n":1}', 'text']);
    expect(JSON.parse(batch.document(1).toString())).toMatchObject({ changed: true, __pipeline_id: 'p1' });
  });
});
