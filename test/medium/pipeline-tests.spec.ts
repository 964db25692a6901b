import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { until } from './kafka-fixture.js';

const PREFIX = 'StreamDataPipeline.';
const rename = { type: 'rename', from: 'msg', to: 'message' };
const convert = { type: 'convert', field: 'n', to: 'integer' };

describe('the tests of a pipeline', () => {
  let mgmt: MgmtFixture;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    base = `${mgmt.config.kafka.names.tenant}-base`;
  });
  afterAll(() => mgmt.stop());

  const create = (id: string, body: object, query = '') =>
    mgmt
      .public()
      .post(PIPELINES + query)
      .send({ id, name: id, index_base: base, ...body });
  const put = (id: string, body: object, query = '') =>
    mgmt
      .public()
      .put(`${PIPELINES}/${id}${query}`)
      .send({ name: id, index_base: base, ...body });
  const get = async (id: string) =>
    (await mgmt.public().get(`${PIPELINES}/${id}`).expect(200)).body as Record<string, unknown>;
  const renamed = {
    name: 'the message has its name',
    record: { value: '{"msg":"paid","order":9007199254740993,"total":12.50}' },
    expect: { document: '{"total":12.50,"order":9007199254740993,"message":"paid"}' },
  };

  it('are run by a create, stored and shown as they were written', async () => {
    const tests = [
      renamed,
      {
        name: 'where it goes',
        record: { value: '{}' },
        expect: { index: `mdl-${base}`, id: 'kept[0]@0-0', routing: '' },
      },
      {
        name: 'its place',
        record: { value: '{}', partition: 2, offset: 5, timestamp: 9 },
        expect: { id: 'kept[2]@5-9' },
      },
      {
        name: 'no number',
        record: { value: '{"n":"x"}' },
        expect: { rejected: { code: 'HANDLER_FAILED', reason: 'n is' } },
      },
      { name: 'bytes', record: { value_base64: '/w==' }, expect: { document: '{"message":"\ufffd"}' } },
      { name: 'tombstones', record: { value: null }, expect: { skipped: true } },
      { name: 'times', record: { value: '{}' }, expect: { document: '{"__write_time":0,"@timestamp":0}' } },
    ];
    await create('kept', { handlers: [rename, convert], tests }).expect(201);
    expect((await get('kept')).tests).toEqual(tests);
  });

  it('refuse a create with what differs, each where it does, and nothing is made', async () => {
    const tests = [
      renamed,
      { name: 'cents', record: { value: '{"total":12.50}' }, expect: { document: '{"total":12.5}' } },
      { name: 'ids', record: { value: '{"__id":"a"}' }, expect: { id: 'b', document: '{"x":[1]}' } },
      { name: 'dropped', record: { value: '{}' }, expect: { dropped: true } },
      { name: 'number', record: { value: '{"n":"x"}' }, expect: { document: '{"n":1}' } },
    ];
    const { status, body } = await create('refused', { handlers: [rename, convert], tests });
    expect([status, body.error_code]).toEqual([400, `${PREFIX}InvalidParameter.Tests`]);
    const code = { error_code: `${PREFIX}InvalidParameter.Tests` };
    expect(body.error_details.faults).toEqual([
      {
        ...{ field: 'tests[1].expect.document.total', test: 'cents', expected: '12.5', actual: '12.50', ...code },
        fault: 'is 12.50, expected is 12.5',
      },
      {
        ...{ field: 'tests[2].expect.id', test: 'ids', expected: '"b"', actual: '"a"', ...code },
        fault: 'is "a", expected is "b"',
      },
      {
        ...{ field: 'tests[2].expect.document.x', test: 'ids', expected: '[1]', ...code },
        fault: 'is missing, expected is [1]',
      },
      {
        ...{ field: 'tests[3].expect', test: 'dropped', expected: 'dropped', ...code },
        ...{
          actual: expect.stringMatching(/^document \{"__pipeline_id"/),
          fault: expect.stringMatching(/^is document/),
        },
      },
      {
        ...{ field: 'tests[4].expect', test: 'number', expected: 'document', ...code },
        actual: expect.stringMatching(/^rejected, HANDLER_FAILED: handlers\[1\] \(convert\): n is the text "x"/),
        fault: expect.stringMatching(/expected is document$/),
      },
    ]);
    expect((await mgmt.public().get(`${PIPELINES}/refused`)).status).toBe(404);
  });

  it('refuse a change that leaves them as they are, and the pipeline stays what it was', async () => {
    await create('changed', { handlers: [rename], tests: [renamed] }).expect(201);
    const before = await get('changed');
    const { body } = await put('changed', { handlers: [] }).expect(400);
    expect(body.error_details.faults).toMatchObject([
      { field: 'tests[0].expect.document.message', test: renamed.name, expected: '"paid"' },
      { field: 'tests[0].expect.document.msg', actual: '"paid"' },
    ]);
    expect(await get('changed')).toEqual(before);
    const other = { ...rename, when: { field: 'msg', exists: true } };
    await put('changed', { handlers: [other] }).expect(204);
    expect(await get('changed')).toMatchObject({ handlers: [other], tests: [renamed] });
  });

  it('are replaced when a change brings others, and removed by an empty list', async () => {
    await create('replaced', { handlers: [rename], tests: [renamed] }).expect(201);
    const other = { name: 'as it came', record: { value: '{"msg":1}' }, expect: { document: '{"msg":1}' } };
    await put('replaced', { tests: [other] }).expect(204);
    expect((await get('replaced')).tests).toEqual([other]);
    await put('replaced', { handlers: [rename], tests: [] }).expect(204);
    expect((await get('replaced')).tests).toEqual([]);
  });

  it('are what callers send back who change what they read', async () => {
    await create('back', { handlers: [rename], tests: [renamed] }).expect(201);
    const { name, index_base, handlers, tests } = await get('back');
    await put('back', { name, index_base, handlers, tests, comment: 'x' }).expect(204);
    expect(await get('back')).toMatchObject({ comment: 'x', tests: [renamed] });
  });

  it('are stored without being run when the caller says so', async () => {
    const failing = { ...renamed, expect: { dropped: true } };
    await create('skipped', { tests: [failing] }, '?skip_tests=true').expect(201);
    expect((await get('skipped')).tests).toEqual([failing]);
    await put('skipped', { comment: 'x' }).expect(400);
    await put('skipped', { comment: 'x' }, '?skip_tests=false').expect(400);
    await put('skipped', { comment: 'x' }, '?skip_tests=true').expect(204);
  });

  it('are checked all the same for what they say', async () => {
    const { body } = await create('odd', { tests: [{ ...renamed, expect: {} }] }, '?skip_tests=true').expect(400);
    expect(body.error_details.faults).toMatchObject([{ field: 'tests[0].expect', fault: 'says nothing' }]);
    const many = await create('many', { tests: Array(51).fill(renamed) }).expect(400);
    expect(many.body.error_details.faults).toMatchObject([{ field: 'tests', fault: 'has 51 tests' }]);
  });

  it('do not concern the workers: they are told of handlers, not of tests', async () => {
    await create('quiet', { handlers: [rename] }).expect(201);
    const revision = async () => {
      const [row] = await mgmt.sql("SELECT f_revision FROM t_stream_data_pipeline WHERE f_pipeline_id = 'quiet'");
      return Number(row?.['f_revision']);
    };
    const before = await revision();
    await put('quiet', { handlers: [rename], tests: [renamed] }).expect(204);
    expect(await revision()).toBe(before);
  });

  it('that take too long are not passed, and say so', async () => {
    const handlers = Array.from({ length: 10 }, () => ({
      ...{ type: 'jsonata', expression: '($f := function() {$f()}; $f())', target: 'x', on_error: 'keep' },
    }));
    // One record may take 2 s, all together 5 s.
    const tests = Array.from({ length: 5 }, (_, n) => ({ ...renamed, name: `slow ${n}` }));
    const { body } = await create('slow', { handlers, tests }).expect(400);
    const faults = body.error_details.faults as object[];
    expect(faults).toHaveLength(tests.length);
    expect(faults.at(-1)).toMatchObject({
      ...{ field: 'tests[4].expect', actual: 'unfinished: the tests together took too much time' },
    });
  });

  it('are those that the pipeline has when it is changed, not those that it had when the caller came', async () => {
    await create('raced', { handlers: [rename] }).expect(201);
    const results = await Promise.all([
      put('raced', { handlers: [rename], tests: [renamed] }),
      ...Array.from({ length: 4 }, () => put('raced', { handlers: [] })),
    ]);
    expect(results.map(({ status }) => status).every((status) => [204, 400].includes(status))).toBe(true);
    await until('the pipeline has tests', async () => ((await get('raced'))['tests'] as unknown[]).length === 1);
    // Whoever came last, handlers and tests fit.
    const { handlers, tests } = await get('raced');
    expect((await put('raced', { handlers, tests })).status).toBe(204);
  });

  it('are none in a row that an older release has left', async () => {
    await create('older', {}).expect(201);
    await mgmt.sql("UPDATE t_stream_data_pipeline SET f_tests = DEFAULT WHERE f_pipeline_id = 'older'");
    expect((await get('older')).tests).toEqual([]);
  });
});
