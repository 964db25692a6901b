import { INTERNAL_BASE, PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import type { ConnectionsDto } from '../../src/platform/debug/connections.dto.js';
import type { ManagementDto } from '../../src/platform/debug/management.dto.js';
import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { until } from './kafka-fixture.js';
import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { TokenIssuer } from './token-issuer.js';

const SECRETS = {
  SDP_DEBUG_TOKEN: 'a-debug-token-of-this-test',
  SDP_PERMISSION_REMOTE_TOKEN: 'a-service-token-of-this-test',
};
const PAGES = ['', '/config', '/process', '/connections', '/tasks', '/management', '/log-level'];
const LEVEL = `${PUBLIC_BASE}/log-level`;
const BODY = 'StreamDataPipeline.InvalidParameter.RequestBody';
const NOT_A_LEVEL = 'StreamDataPipeline.InvalidParameter.LogLevel';

interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, { content?: object; headers?: object }> }>>;
}

describe('what a replica tells those who look after it', () => {
  let issuer: TokenIssuer;
  let mgmt: MgmtFixture;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    mgmt = await MgmtFixture.start({
      ...isolated(),
      ...issuer.settings,
      ...SECRETS,
      SDP_PERMISSION_MODE: 'local',
      SDP_PERMISSION_ADMINISTRATORS: 'user:root',
    });
    for (const account of ['root', 'alice', 'bob']) {
      tokens.set(account, await issuer.token(account));
    }
  });
  afterAll(async () => {
    await mgmt.stop();
    await issuer.stop();
  });

  const as = (account: string, method: 'get' | 'post' | 'put' | 'delete', path: string) =>
    mgmt
      .public()
      [method](path)
      .set('Authorization', `Bearer ${tokens.get(account)}`);
  const read = async <T = unknown>(page: string): Promise<T> =>
    (await as('root', 'get', `${PUBLIC_BASE}/debug${page}`).expect(200)).body as T;
  const management = async () => (await read<{ management: ManagementDto }>('/management')).management;
  const level = () => read<{ level: string }>('/log-level');
  const internal = (method: 'get' | 'put', path: string, id = 'root') =>
    mgmt.internal()[method](path).set({ 'x-account-id': id, 'x-account-type': 'user' });

  it('is for who holds the operation debug on the whole service, on both bases', async () => {
    const grant = (resource: string) => ({ accessor: { type: 'user', id: 'alice' }, resource, operations: ['debug'] });
    await as('root', 'post', PIPELINES).send({ id: 'one', name: 'One', use_index_base_in_data: true }).expect(201);
    await as('root', 'post', `${PUBLIC_BASE}/policies`).send(grant('one')).expect(201);
    const page = `${PUBLIC_BASE}/debug/process`;
    await as('alice', 'get', page).expect(403);
    await as('root', 'post', `${PUBLIC_BASE}/policies`).send(grant('*')).expect(201);
    await as('alice', 'get', page).expect(200);
    await as('bob', 'get', page).expect(403);
    await internal('get', `${INTERNAL_BASE}/debug/process`, 'alice').expect(200);
    await internal('get', `${INTERNAL_BASE}/debug/process`, 'bob').expect(403);
    await internal('put', `${INTERNAL_BASE}/log-level`, 'bob').send({ level: 'debug' }).expect(403);
    await mgmt.internal().get(`${INTERNAL_BASE}/debug/process`).expect(401);
  });

  it('is also for who has the token of the process, at the root alone', async () => {
    const token = `Bearer ${SECRETS.SDP_DEBUG_TOKEN}`;
    await mgmt.public().get('/debug/process').set('Authorization', token).expect(200);
    await mgmt.public().get('/debug/process').expect(401);
    await mgmt.public().get(`${PUBLIC_BASE}/debug/process`).set('Authorization', token).expect(401);
    await as('root', 'get', '/debug/process').expect(401);
  });

  it('lists itself below the base that was asked', async () => {
    const { routes } = await read<{ routes: { method: string; path: string }[] }>('');
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...PAGES.map((page) => `GET ${PUBLIC_BASE}/debug${page}`),
      `PUT ${LEVEL}`,
    ]);
    const { body } = await internal('get', `${INTERNAL_BASE}/debug`).expect(200);
    expect(body.routes[0].path).toBe(`${INTERNAL_BASE}/debug`);
  });

  it('has no secret in it', async () => {
    const { password } = mgmt.config.database;
    const told = JSON.stringify(await Promise.all(PAGES.map(read)));
    for (const secret of [...Object.values(SECRETS), ...tokens.values(), ...(password ? [`"${password}"`] : [])]) {
      expect(told).not.toContain(secret);
    }
    expect(await read('/config')).toMatchObject({ debug: { token: '******' }, permission: { mode: 'local' } });
  });

  it('tells of build, memory and event loop, of dependencies and of the pool', async () => {
    expect(await read('/process')).toMatchObject({
      build: { name: 'flow-stream-data-pipeline', node_version: process.versions.node },
      ...{ role: 'mgmt', pid: process.pid },
      memory: { heap_used_bytes: expect.any(Number), heap_limit_bytes: expect.any(Number) },
      event_loop: { utilization: expect.any(Number), delay_p99_ms: expect.any(Number) },
    });
    const { dependencies, database_pool: pool } = await read<ConnectionsDto>('/connections');
    expect(dependencies).toContainEqual(
      expect.objectContaining({ name: 'database', status: 'up', settings: expect.arrayContaining(['database.host']) }),
    );
    expect(dependencies.map(({ name }) => name).toSorted()).toEqual([
      ...['database', 'index_base', 'kafka', 'opensearch'],
    ]);
    expect(pool).toMatchObject({ size: mgmt.config.database.poolSize, waiting: 0 });
    expect(await read('/tasks')).toEqual({ worker_id: '', has_joined: false, threads: [], tasks: [] });
  });

  it('tells who waits for a change', async () => {
    const waiting = as('root', 'get', `${PIPELINES}/one?is_listen=true`).then(({ status }) => status);
    await until('the caller waits', async () => (await management()).watchers.callers === 1);
    expect((await management()).watchers).toEqual({ callers: 1, pipelines: 1 });
    await as('root', 'put', `${PIPELINES}/one`).send({ name: 'Uno', use_index_base_in_data: true }).expect(204);
    expect(await waiting).toBe(200);
  });

  it('tells what the last run of the reconciler did, and what held it up', async () => {
    const reconciler = mgmt.get(Reconciler);
    const run = async () => {
      await until('the replica got the lock', () => reconciler.run());
      return (await management()).reconciler.last_own_run;
    };
    expect(await run()).toMatchObject({ outcome: 'done', fault: null, started_at: expect.any(Number) });
    const task = 't_stream_data_pipeline_task';
    await mgmt.sql(`RENAME TABLE ${task} TO ${task}_away`);
    const heldUp = await run();
    await mgmt.sql(`RENAME TABLE ${task}_away TO ${task}`);
    expect(heldUp?.outcome).toBe('held_up');
    expect(heldUp?.steps.filter(({ fault }) => fault !== null)).toEqual([
      {
        name: 'make workers forget tasks without a pipeline',
        duration_ms: expect.any(Number),
        fault: 'The database answered ER_NO_SUCH_TABLE',
      },
    ]);
  });

  describe('the log level', () => {
    const change = (body: string | object) =>
      as('root', 'put', LEVEL).set('Content-Type', 'application/json').send(body);

    it('is changed for this replica, and can be read again', async () => {
      const { body, headers } = await change({ level: 'warn', seconds: 600 }).expect(204);
      expect([body, headers['x-request-id']]).toEqual([{}, expect.any(String)]);
      expect(await read('/log-level')).toMatchObject({
        level: 'warn',
        configured_level: 'info',
        until: expect.any(Number),
      });
      await internal('put', `${INTERNAL_BASE}/log-level`).send({ level: 'info' }).expect(204);
      expect(await read('/log-level')).toEqual({ level: 'info', configured_level: 'info' });
    });

    it.each<[what: string, body: object | string, code: string, details: object]>([
      ['an unknown level', { level: 'loud' }, NOT_A_LEVEL, { field: 'level', error_code: NOT_A_LEVEL }],
      ['no level', {}, NOT_A_LEVEL, { field: 'level', fault: expect.stringContaining('trace, debug, info') }],
      ['a level that is no text', { level: ['info'] }, NOT_A_LEVEL, { field: 'level' }],
      ['too many seconds', { level: 'info', seconds: 86_401 }, NOT_A_LEVEL, { field: 'seconds' }],
      ['an unknown field', { level: 'info', for: 1 }, BODY, { field: 'for', fault: 'is not known' }],
    ])('is refused with %s: the answer names the field', async (_what, sent, code, fault) => {
      const { body } = await change(sent).expect(400);
      expect(body.error_code).toBe(code);
      expect(body.error_details.faults[0]).toMatchObject(fault);
      expect((await level()).level).toBe('info');
    });

    it('is refused in the ways of every other body', async () => {
      expect((await change('[]').expect(400)).body.error_code).toBe(BODY);
      expect((await change('{"level":').expect(400)).body.error_code).toBe(BODY);
      expect((await change('').expect(400)).body.error_code).toBe(BODY);
      await change(`{"level":"${'x'.repeat(2 * 1024 * 1024)}"}`).expect(413);
      await as('root', 'put', LEVEL).set('Content-Type', 'text/plain').send('debug').expect(415);
      const { body } = await as('root', 'put', `${LEVEL}?level=debug`).send({ level: 'debug' }).expect(400);
      expect(body.error_code).toBe('StreamDataPipeline.InvalidParameter.QueryParameter');
      const chinese = await change({ level: 1 }).set('Accept-Language', 'zh-CN').expect(400);
      expect(chinese.body.description).toMatch(/\p{Script=Han}/u);
    });
  });

  it('is documented with its answers and errors', async () => {
    const { paths } = (await mgmt.public().get('/docs/openapi.json').expect(200)).body as Documented;
    for (const page of PAGES) {
      const { responses } = paths[`${PUBLIC_BASE}/debug${page}`]?.['get'] ?? { responses: {} };
      expect([page, Object.keys(responses)]).toEqual([page, expect.arrayContaining(['200', '401', '403', '503'])]);
      expect(responses['403']?.content).toHaveProperty(['application/json', 'examples', 'Forbidden']);
    }
    const { responses } = paths[LEVEL]?.['put'] ?? { responses: {} };
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['204', '400', '401', '403', '413', '415']));
    expect(responses['400']?.content).toHaveProperty(['application/json', 'examples', 'InvalidParameter.LogLevel']);
  });
});
