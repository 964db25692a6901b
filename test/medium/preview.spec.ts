import { createHmac } from 'node:crypto';
import { PreviewThreads } from '../../src/mgmt/preview/preview-threads.js';
import { isolated, makeTopic, MgmtFixture, opensearch, PIPELINES, topicsOf } from './mgmt-fixture.js';

const PREFIX = 'StreamDataPipeline.';
const NOW = 1_767_225_600_000;

interface Entry {
  source: Record<string, unknown>;
  result: string;
  document?: string;
  index?: string;
  id?: string;
  error?: { code: string; reason: string };
}

describe('a preview of given records', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start({ ...isolated(), SDP_HANDLERS_SECRETS: 'pepper=salt-and-pepper' });
    tenant = mgmt.config.kafka.names.tenant;
    base = `${tenant}-shop`;
    const handlers = [{ type: 'rename', from: 'msg', to: 'message' }];
    await mgmt.public().post(PIPELINES).send({ id: 'shop', name: 'Shop', index_base: base, handlers }).expect(201);
  });
  afterAll(() => mgmt.stop());

  const post = (body: object) => mgmt.public().post(`${PIPELINES}/preview`).send(body);
  async function preview(body: object): Promise<Entry[]> {
    const { status, body: answer } = await post(body);
    expect([status, status === 200 ? '' : answer]).toEqual([200, '']);
    return answer.entries as Entry[];
  }
  const inData = { id: 'p', use_index_base_in_data: true };
  const at = { offset: 7, timestamp: NOW };

  it('shows the document to the byte, and where it would go', async () => {
    const value = '{"order":9007199254740993 , "total":12.50,"big":1e400,"msg":"p\\u0061id"}';
    const { body } = await post({ id: 'shop', records: [{ value, partition: 3, ...at }] }).expect(200);
    const id = `shop[3]@7-${NOW}`;
    expect(body).toEqual({
      entries: [
        {
          source: { partition: 3, offset: 7, timestamp: NOW },
          result: 'document',
          document: `{"order":9007199254740993 , "total":12.50,"big":1e400,"message":"p\\u0061id","__pipeline_id":"shop","__index_base":"${base}","__data_type":"${base}","__category":"log","__write_time":${NOW},"@timestamp":${NOW},"__id":"${id}"}`,
          ...{ index: `mdl-${base}`, id, output_topic: `${tenant}.mdl.process.${base}` },
        },
      ],
      is_complete: true,
    });
  });

  it('takes a record to come from now and from its place in the list, when it does not say', async () => {
    const before = Date.now();
    const [first, second] = await preview({ id: 'shop', records: [{ value: '{}' }, { value: 'text' }] });
    expect([first?.source, second?.source]).toMatchObject([
      { partition: 0, offset: 0 },
      { partition: 0, offset: 1 },
    ]);
    expect(Number(first?.source['timestamp'])).toBeGreaterThanOrEqual(before);
    expect(second?.document).toMatch(/^\{"message":"text","__pipeline_id":"shop"/);
  });

  it('shows each outcome that a record can have, with the handler that caused it', async () => {
    const handlers = [
      { type: 'drop', when: { field: 'level', equals: 'debug' } },
      { type: 'convert', field: 'n', to: 'integer' },
    ];
    const values = ['{"level":"debug"}', '{"n":"many"}', '{"n":"5"}', null];
    const entries = await preview({
      pipeline: { index_base: base, handlers },
      records: values.map((value) => ({ value })),
    });
    expect(entries).toMatchObject([
      { result: 'dropped', reason: 'by a handler' },
      {
        result: 'rejected',
        error: {
          ...{
            code: 'HANDLER_FAILED',
            reason: expect.stringMatching(/^handlers\[1\] \(convert\): n is the text "many"/),
          },
          ...{ stage: 'handler:convert', handler: { index: 1, type: 'convert' } },
        },
      },
      { result: 'document', document: expect.stringMatching(/^\{"n":5,/) },
      { result: 'skipped' },
    ]);
  });

  it('takes bytes that are no text', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x41]);
    const [entry] = await preview({ id: 'shop', records: [{ value_base64: bytes.toString('base64') }] });
    expect(entry?.document).toMatch(/^\{"message":"\ufffd\\u0000A",/);
  });

  it('rejects tombstones where the pipeline does', async () => {
    const pipeline = { ...inData, settings: { tombstones: 'error' } };
    expect(await preview({ pipeline, records: [{ value: null }] })).toMatchObject([
      { result: 'rejected', error: { code: 'TOMBSTONE', stage: 'json' } },
    ]);
  });

  it('looks for the bases that records name, and makes none', async () => {
    const names = [base, `${tenant}-nobody`, 'No Base'];
    const records = names.map((name) => ({ value: JSON.stringify({ __index_base: name }) }));
    expect(await preview({ pipeline: inData, records: [...records, { value: '{}' }] })).toMatchObject([
      { result: 'document', index: `mdl-${base}`, output_topic: `${tenant}.mdl.process.${base}` },
      { result: 'rejected', error: { code: 'INDEX_BASE_NOT_FOUND' } },
      { result: 'rejected', error: { code: 'INDEX_BASE_INVALID' } },
      { result: 'rejected', error: { code: 'INDEX_BASE_INVALID' } },
    ]);
  });

  it('uses secrets and returns none', async () => {
    const handlers = [{ type: 'hash', fields: ['user'], secret: 'pepper' }];
    const { text } = await post({ pipeline: { index_base: base, handlers }, records: [{ value: '{"user":"ann"}' }] });
    expect(text).toContain(createHmac('sha256', 'salt-and-pepper').update('ann').digest('hex'));
    expect(text).not.toContain('salt-and-pepper');
  });

  it('shows a pipeline that is there as it would be with other handlers, which stay its own', async () => {
    const pipeline = { handlers: [{ type: 'uppercase', fields: ['msg'] }], settings: { tombstones: 'error' } };
    const entries = await preview({
      id: 'shop',
      pipeline,
      records: [{ value: '{"msg":"hi"}', ...at }, { value: null }],
    });
    expect(entries).toMatchObject([
      { id: `shop[0]@7-${NOW}`, document: expect.stringMatching(/^\{"msg":"HI",/), index: `mdl-${base}` },
      { result: 'rejected' },
    ]);
    const { body } = await mgmt.public().get(`${PIPELINES}/shop`).expect(200);
    expect(body).toMatchObject({ handlers: [{ type: 'rename' }], settings: {} });
  });

  it('works for a pipeline that is closed, and for one that is being deleted', async () => {
    await mgmt.public().put(`${PIPELINES}/shop/attrs/status`).send({ status: 'close' }).expect(204);
    expect(await preview({ id: 'shop', records: [{ value: '{}' }] })).toMatchObject([{ result: 'document' }]);
    await mgmt.public().put(`${PIPELINES}/shop/attrs/status`).send({ status: 'running' }).expect(204);
    await mgmt.public().post(PIPELINES).send({ id: 'going', name: 'Going', use_index_base_in_data: true }).expect(201);
    await mgmt.sql("UPDATE t_stream_data_pipeline SET f_desired = 'deleting' WHERE f_pipeline_id = 'going'");
    expect(await preview({ id: 'going', records: [{ value: '{}' }] })).toMatchObject([{ result: 'rejected' }]);
  });

  it('makes nothing, also where a create would make an index base', async () => {
    const rows = () => mgmt.sql('SELECT COUNT(*) AS n FROM t_stream_data_pipeline');
    const revision = () => mgmt.sql('SELECT next_not_cached_value FROM s_stream_data_pipeline_revision');
    const before = [await topicsOf(tenant), await rows(), await revision()];
    const fresh = `${tenant}-fresh`;
    const [entry] = await preview({ pipeline: { id: 'fresh', index_base: fresh }, records: [{ value: '{}' }] });
    expect(entry).toMatchObject({ result: 'document', index: `mdl-${fresh}` });
    expect([await topicsOf(tenant), await rows(), await revision()]).toEqual(before);
    expect((await opensearch(`/_alias/mdl-${fresh}`)).status).toBe(404);
    expect((await opensearch(`/_index_template/mdl-${fresh}`)).status).toBe(404);
    expect((await mgmt.public().get(`${PIPELINES}/fresh`)).status).toBe(404);
  });

  it('takes the whole body of a create, and what would be refused there is refused here', async () => {
    const body = { name: 'Web', tags: ['a'], comment: 'x', index_base: base, deployment_config: { cpu_limit: 2 } };
    expect(await preview({ pipeline: body, records: [{ value: '{}' }] })).toHaveLength(1);
    const refused = await post({
      pipeline: { ...body, handlers: [{ type: 'rename' }], deployment_config: { cpu_limit: 9 } },
      records: [],
    });
    expect((refused.body.error_details.faults as { field: string }[]).map(({ field }) => field)).toEqual([
      ...['pipeline.deployment_config.cpu_limit', 'pipeline.handlers[0].from', 'pipeline.handlers[0].to'],
    ]);
  });

  it('answers no records with no entries', async () => {
    expect(await preview({ id: 'shop', records: [] })).toEqual([]);
  });

  const fine = { pipeline: { id: 'p', use_index_base_in_data: true }, records: [{ value: '{}' }] };
  it.each<[what: string, body: object, status: number, code: string, field: string, fault: string | RegExp]>([
    ['nothing but records', { records: [] }, 400, 'InvalidParameter.RequestBody', '', 'names no pipeline'],
    ['no records', { id: 'shop' }, 400, 'InvalidParameter.RequestBody', '', 'has neither records nor peek'],
    [
      'records and peek',
      { id: 'shop', records: [], peek: {} },
      400,
      'InvalidParameter.RequestBody',
      '',
      'has records and peek',
    ],
    [
      'nothing to look at',
      { pipeline: fine.pipeline, peek: {} },
      400,
      'InvalidParameter.RequestBody',
      '',
      'names no topic to look at',
    ],
    [
      '101 records',
      { ...fine, records: Array(101).fill({ value: '' }) },
      400,
      'InvalidParameter.Records',
      'records',
      'has 101 records',
    ],
    [
      'a plain object as a record',
      { ...fine, records: [{ total: 1 }] },
      400,
      'InvalidParameter.Records',
      'records[0].total',
      'is not known',
    ],
    [
      'a text as a record',
      { ...fine, records: ['{}'] },
      400,
      'InvalidParameter.Records',
      'records[0]',
      'must be an object',
    ],
    [
      'a record without a value',
      { ...fine, records: [{ value: '' }, {}] },
      400,
      'InvalidParameter.Records',
      'records[1]',
      /^needs one of/,
    ],
    [
      'what is no base64',
      { ...fine, records: [{ value_base64: '*' }] },
      400,
      'InvalidParameter.Records',
      'records[0].value_base64',
      'is not base64',
    ],
    [
      'half a character',
      { ...fine, records: [{ value: '\ud83d' }] },
      400,
      'InvalidParameter.Records',
      'records[0].value',
      /text/,
    ],
    ['peek of 0', { id: 'shop', peek: { last: 0 } }, 400, 'InvalidParameter.Peek', 'peek.last', 'is 0'],
    ['peek of 101', { id: 'shop', peek: { last: 101 } }, 400, 'InvalidParameter.Peek', 'peek.last', 'is 101'],
    [
      'a text as the pipeline',
      { pipeline: 'shop', records: [] },
      400,
      'InvalidParameter.RequestBody',
      'pipeline',
      'must be an object',
    ],
    [
      'an unknown handler',
      { ...fine, pipeline: { ...fine.pipeline, handlers: [{ type: 'x' }] } },
      400,
      'InvalidParameter.Handlers',
      'pipeline.handlers[0].type',
      /^is "x"/,
    ],
    [
      'an unknown secret',
      { ...fine, pipeline: { ...fine.pipeline, handlers: [{ type: 'hash', fields: ['a'], secret: 'x' }] } },
      400,
      'InvalidParameter.Handlers',
      'pipeline.handlers[0].secret',
      /./,
    ],
    [
      'no index base',
      { pipeline: {}, records: [] },
      400,
      'NullParameter.IndexBase',
      'pipeline.index_base',
      'is missing',
    ],
    [
      'another id',
      { id: 'shop', pipeline: { id: 'other' }, records: [] },
      400,
      'InvalidParameter.PipelineID',
      'pipeline.id',
      'cannot be changed',
    ],
    [
      'another topic',
      { id: 'shop', pipeline: { input_topic: 'x' }, peek: {} },
      400,
      'InvalidParameter.InputTopic',
      'pipeline.input_topic',
      'cannot be changed',
    ],
    [
      'a topic that there is not',
      { pipeline: { ...fine.pipeline, input_topic: 'no.where' }, peek: {} },
      400,
      'InvalidParameter.InputTopic',
      'pipeline.input_topic',
      'there is no topic no.where',
    ],
  ])('is refused for %s', async (_what, body, status, code, field, fault) => {
    const answer = await post(body);
    expect(answer.body).toMatchObject({
      error_code: PREFIX + code,
      error_details: { faults: [{ field, fault: expect.stringMatching(fault) }] },
    });
    expect(answer.status).toBe(status);
  });

  it('is refused for a pipeline that there is not', async () => {
    const { status, body } = await post({ id: 'nobody', records: [] });
    expect([status, body.error_code]).toEqual([404, `${PREFIX}NotFound.Pipeline`]);
  });

  it('leaves no thread behind that would keep the process alive', async () => {
    await preview({ id: 'shop', records: [{ value: '{}' }] });
    await mgmt.get(PreviewThreads).close();
    expect((await post({ id: 'shop', records: [] })).status).toBe(503);
  });
});

describe('a preview where nobody makes index bases', () => {
  let mgmt: MgmtFixture;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start({ ...isolated(), SDP_INDEXBASE_AUTOCREATE: 'false' });
    await makeTopic(`${mgmt.config.kafka.names.tenant}.own`);
  });
  afterAll(() => mgmt.stop());

  it('is refused for an own base that there is not, by its field', async () => {
    const index_base = `${mgmt.config.kafka.names.tenant}-none`;
    const { body } = await mgmt
      .public()
      .post(`${PIPELINES}/preview`)
      .send({ pipeline: { index_base }, records: [{ value: '{}' }] })
      .expect(400);
    expect(body).toMatchObject({
      error_code: `${PREFIX}InvalidParameter.IndexBase`,
      error_details: { faults: [{ field: 'pipeline.index_base', fault: `there is no index base ${index_base}` }] },
    });
  });
});
