import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';

describe('the list of pipelines', () => {
  let mgmt: MgmtFixture;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    const base = `${mgmt.config.kafka.names.tenant}-b`;
    const rows = [
      { id: 'a', name: 'Alpha 100%', tags: ['web'], builtin: true },
      { id: 'b', name: 'beta_1', tags: ['web', 'prod'] },
      { id: 'c', name: 'beta-1', tags: ['webs'] },
      { id: 'd', name: 'back\\slash' },
      { id: 'e', name: '日志' },
    ];
    for (const row of rows) {
      await mgmt
        .public()
        .post(PIPELINES)
        .send({ ...row, index_base: base })
        .expect(201);
    }
    const update = (change: string, id: string) =>
      mgmt.sql(`UPDATE t_stream_data_pipeline SET ${change} WHERE f_pipeline_id = ?`, [id]);
    for (const [at, { id }] of rows.entries()) {
      await update(`f_update_time = ${1000 + at}`, id);
    }
    await update("f_pipeline_status = 'error'", 'b');
    await update("f_desired = 'close', f_pipeline_status = 'close'", 'c');
  });
  afterAll(() => mgmt.stop());

  const ids = async (query: string) => {
    const { body } = await mgmt.public().get(`${PIPELINES}?${query}`).expect(200);
    const { entries, total_count: total } = body as { entries: { id: string }[]; total_count: number };
    return { ids: entries.map(({ id }) => id).join(''), total };
  };

  it.each<[query: string, ids: string, total: number]>([
    ['', 'edcba', 5],
    ['direction=asc', 'abcde', 5],
    ['sort=name&direction=asc', 'adcbe', 5],
    ['sort=name', 'ebcda', 5],
    ['limit=2', 'ed', 5],
    ['limit=2&offset=3', 'ba', 5],
    ['offset=9', '', 5],
    ['limit=-1&offset=1', 'dcba', 5],
    ['name_pattern=%25', 'a', 1],
    ['name_pattern=_', 'b', 1],
    ['name_pattern=%5C', 'd', 1],
    ['name_pattern=beta', 'cb', 2],
    ['name_pattern=BETA', '', 0],
    [`name_pattern=${encodeURIComponent('志')}`, 'e', 1],
    ['name_pattern=', 'edcba', 5],
    ['tag=web', 'ba', 2],
    ['tag=prod', 'b', 1],
    ['builtin=true', 'a', 1],
    ['builtin=true&builtin=false', 'edcba', 5],
    ['status=error', 'b', 1],
    ['status=error&status=close', 'cb', 2],
    ['status=running&tag=web&limit=1', 'a', 1],
  ])('for %s is %s of %i', async (query, expected, total) => {
    expect(await ids(query)).toEqual({ ids: expected, total });
  });

  it('is given as resources too', async () => {
    const url = `${PUBLIC_BASE}/resources?resource_type=stream_data_pipeline`;
    const { body } = await mgmt.public().get(url).expect(200);
    expect(body.total_count).toBe(5);
    expect(body.entries[0]).toEqual({ id: 'a', type: 'stream_data_pipeline', name: 'Alpha 100%' });
    const page = await mgmt.public().get(`${url}&keyword=beta&limit=1&direction=desc`).expect(200);
    expect(page.body).toEqual({
      entries: [{ id: 'b', type: 'stream_data_pipeline', name: 'beta_1' }],
      total_count: 2,
    });
  });
});
