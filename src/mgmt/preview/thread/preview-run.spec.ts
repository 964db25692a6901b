import type { TargetBase } from '../../../document/target-base.js';
import type { PreviewedPipeline, PreviewedRecord } from './preview-job.js';
import type { PreviewOutcome } from './preview-outcome.js';
import { PreviewRun } from './preview-run.js';

const base = (baseType: string): TargetBase => ({
  ...{ baseType, name: baseType, dataType: 'orders', category: 'log' },
  ...{ outputTopic: `out.${baseType}`, isOwn: baseType === 'web' },
});

const pipeline = (changes: Partial<PreviewedPipeline> = {}): PreviewedPipeline => ({
  ...{ id: 'p', handlers: [], useIndexBaseInData: false, documentVersion: 'none', tombstones: 'skip' },
  ...{ ownBase: base('web'), handlerSecrets: {}, maxRecordBytes: 1_000_000, maxIndexBases: 10 },
  ...changes,
});

const records = (...values: (string | null)[]): PreviewedRecord[] =>
  values.map((value, offset) => ({
    ...{ partition: 1, offset, timestamp: 5, extraBytes: 0 },
    value: value === null ? null : new Uint8Array(Buffer.from(value)),
  }));

async function outcomes(of: PreviewedPipeline, given: readonly PreviewedRecord[]): Promise<PreviewOutcome[]> {
  const run = new PreviewRun(of, (name) => Promise.resolve(name === 'known' ? base(name) : undefined));
  const seen: PreviewOutcome[] = [];
  for await (const outcome of run.outcomes(given)) {
    seen.push(outcome);
  }
  return seen;
}

describe('a preview', () => {
  it('shows the document with every byte that the record has, and where it goes', async () => {
    const [outcome] = await outcomes(pipeline(), records('{"n":9007199254740993, "x":1.0}'));
    expect(outcome).toEqual({
      result: 'document',
      document:
        '{"n":9007199254740993, "x":1.0,"__pipeline_id":"p","__index_base":"web","__data_type":"orders","__category":"log","__write_time":5,"@timestamp":5,"__id":"p[1]@0-5"}',
      ...{ index: 'mdl-web', id: 'p[1]@0-5', outputTopic: 'out.web' },
    });
  });

  it('shows the routing of a trace and the version of a document', async () => {
    const trace = { ...base('web'), category: 'trace' };
    const of = pipeline({ ownBase: trace, documentVersion: 'offset' });
    const value = '{"__id":"own","SpanContext":{"TraceID":"4bf92f3577b34da6a3ce929d0e0e4736"}}';
    expect(await outcomes(of, records('{}', value))).toMatchObject([
      { result: 'document', id: 'p[1]@0-5' },
      { result: 'document', id: 'own', routing: '4bf92f3577b34da6a3ce929d0e0e4736', version: 1 },
    ]);
  });

  it('shows what becomes no document, and why', async () => {
    const handlers = [
      { type: 'drop', when: { field: 'level', equals: 'debug' } },
      { type: 'convert', field: 'n', to: 'integer' },
      { type: 'reject', reason: 'unpaid', when: { field: 'paid', equals: false } },
    ];
    const given = records('{"level":"debug"}', '{"n":"many"}', '{"paid":false}', null);
    expect(await outcomes(pipeline({ handlers }), given)).toMatchObject([
      { result: 'dropped', reason: 'by a handler' },
      { result: 'rejected', rejection: { code: 'HANDLER_FAILED', stage: 'handler:convert', handlerIndex: 1 } },
      { result: 'rejected', rejection: { code: 'HANDLER_REJECTED', stage: 'handler:reject', handlerIndex: 2 } },
      { result: 'skipped' },
    ]);
  });

  it('asks for bases that records name', async () => {
    const of = pipeline({ useIndexBaseInData: true });
    const given = records('{"__index_base":"known"}', '{"__index_base":"nobody"}', '{"__index_base":"known"}');
    expect(await outcomes(of, given)).toMatchObject([
      { result: 'document', index: 'mdl-known', outputTopic: 'out.known' },
      { result: 'rejected', rejection: { code: 'INDEX_BASE_NOT_FOUND' } },
      { result: 'document', index: 'mdl-known' },
    ]);
  });

  it('has room for records of any size, also behind small ones', async () => {
    const text = 'x'.repeat(500_000);
    const [, large, small] = await outcomes(pipeline(), records('{}', `{"t":"${text}"}`, '{"a":1}'));
    expect(large).toMatchObject({ result: 'document', document: expect.stringContaining(text) });
    expect(small).toMatchObject({ document: expect.stringMatching(/^\{"a":1,/) });
  });
});
