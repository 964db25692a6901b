import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';

/** Each is given up after a second, so that a record of it takes as many seconds as there are. */
const slow = (handlers: number) =>
  Array.from({ length: handlers }, () => ({
    ...{ type: 'jsonata', expression: '($f := function() {$f()}; $f())', target: 'x', on_error: 'keep' },
    when: { field: 'slow', equals: true },
  }));
const inData = { id: 'p', use_index_base_in_data: true };

describe('a preview that asks for much', () => {
  let mgmt: MgmtFixture;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    base = `${mgmt.config.kafka.names.tenant}-base`;
  });
  afterAll(() => mgmt.stop());

  const preview = (body: object) => mgmt.public().post(`${PIPELINES}/preview`).send(body);
  const resultsOf = ({ entries }: { entries: { result: string }[] }) => entries.map(({ result }) => result);

  it('gets a hundred records of 5 KiB through, each to the byte', async () => {
    const records = Array.from({ length: 100 }, (_, n) => ({
      value: `{"n":9007199254740993${n},"msg":"${'x'.repeat(5 * 1024)}"}`,
      timestamp: 1,
    }));
    const handlers = [{ type: 'rename', from: 'msg', to: 'message' }];
    const { body } = await preview({ pipeline: { id: 'p', index_base: base, handlers }, records }).expect(200);
    expect(body.is_complete).toBe(true);
    expect((body.entries as { document: string }[]).map(({ document }) => document)).toEqual(
      records.map(
        ({ value }, n) =>
          `${value.replace('"msg"', '"message"').slice(0, -1)},"__pipeline_id":"p","__index_base":"${base}","__data_type":"${base}","__category":"log","__write_time":1,"@timestamp":1,"__id":"p[0]@${n}-1"}`,
      ),
    );
  });

  it('is cut off when its handlers take too long, keeps what is decided, and holds up nobody else', async () => {
    const records = [{ value: '{"a":1}' }, { value: '{"slow":true}' }, { value: '{"a":2}' }];
    const pending = preview({ pipeline: { id: 'p', index_base: base, handlers: slow(50) }, records }).then(
      (answer) => answer,
    );
    // The process that runs 50 seconds of handlers answers others meanwhile.
    let answered = 0;
    let isOver = false;
    const over = pending.finally(() => (isOver = true));
    while (!isOver) {
      await mgmt.public().get(PIPELINES).expect(200);
      answered += 1;
    }
    const { status, body } = await over;
    expect(status).toBe(200);
    expect(resultsOf(body)).toEqual(['document', 'unfinished', 'unfinished']);
    expect(body).toMatchObject({ is_complete: false, entries: [{}, { error: { code: 'TIME_LIMIT' } }, {}] });
    expect(answered).toBeGreaterThan(10);
  });

  it('goes on well after one that was cut off', async () => {
    const { body } = await preview({ pipeline: { ...inData, index_base: base }, records: [{ value: '{}' }] });
    expect(resultsOf(body)).toEqual(['document']);
  });

  it('is cut off when its documents become too large for an answer', async () => {
    const text = 'x'.repeat(9000);
    const handlers = [{ type: 'jsonata', expression: `{"t": $join([1..300].$$.text)}` }];
    const records = Array.from({ length: 10 }, () => ({ value: JSON.stringify({ text }) }));
    const { body } = await preview({ pipeline: { index_base: base, handlers }, records }).expect(200);
    expect(resultsOf(body)).toEqual([...Array<string>(3).fill('document'), ...Array<string>(7).fill('unfinished')]);
    expect(body.entries[3].error.code).toBe('SIZE_LIMIT');
  });

  it('is refused when its body is too large', async () => {
    const { status, body } = await preview({ pipeline: inData, records: [{ value: 'x'.repeat(1024 * 1024) }] });
    expect([status, body.error_code]).toEqual([413, 'StreamDataPipeline.LengthExceeded.RequestBody']);
  });

  it('waits its turn, and is refused when too many others do', async () => {
    const records = [{ value: '{"slow":true}' }];
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        preview({ pipeline: { id: 'p', index_base: base, handlers: slow(1) }, records }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.map(({ body }) => body.error_details.reason as string)).toContain('20 others wait');
    expect(refused[0]?.body).toMatchObject({ error_code: 'StreamDataPipeline.ServiceUnavailable.Preview' });
    expect(refused[0]?.headers['retry-after']).toBe('5');
    const served = answers.filter(({ status }) => status === 200);
    expect(served.length).toBeGreaterThanOrEqual(2);
    expect(new Set(served.flatMap(({ body }) => resultsOf(body)))).toEqual(new Set(['document']));
  });
});
