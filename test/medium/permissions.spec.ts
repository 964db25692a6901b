import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { TokenIssuer } from './token-issuer.js';

const POLICIES = `${PUBLIC_BASE}/policies`;

describe('local permissions', () => {
  let issuer: TokenIssuer;
  let mgmt: MgmtFixture;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    mgmt = await MgmtFixture.start({
      ...isolated(),
      ...issuer.settings,
      SDP_PERMISSION_MODE: 'local',
      SDP_PERMISSION_ADMINISTRATORS: 'user:root',
    });
    for (const [account, roles] of [['root'], ['alice'], ['bob'], ['carol', 'operators']] as const) {
      tokens.set(account, await issuer.token(account, roles ? { roles: [roles] } : {}));
    }
    await grant('root', { accessor: { type: 'user', id: 'alice' }, resource: '*', operations: ['create'] }).expect(201);
    await as('alice', 'post', PIPELINES).send({ id: 'hers', name: 'Hers', use_index_base_in_data: true }).expect(201);
    await as('root', 'post', PIPELINES).send({ id: 'roots', name: 'Roots', use_index_base_in_data: true }).expect(201);
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
  const grant = (account: string, body: object) => as(account, 'post', POLICIES).send(body);
  const seen = async (account: string) => {
    const { body } = await as(account, 'get', PIPELINES).expect(200);
    const entries = body.entries as { id: string }[];
    expect(body.total_count).toBe(entries.length);
    return entries.map(({ id }) => id).toSorted();
  };

  it('let an administrator do everything', async () => {
    expect(await seen('root')).toEqual(['hers', 'roots']);
    const { body } = await as('root', 'get', `${PIPELINES}/hers`).expect(200);
    expect(body.operations).toEqual(['view_detail', 'modify', 'delete', 'authorize', 'operate', 'view_data']);
  });

  it('let the creator do everything to the own pipeline, and see no other', async () => {
    expect(await seen('alice')).toEqual(['hers']);
    const { body } = await as('alice', 'get', `${PIPELINES}/hers`).expect(200);
    expect(body.operations).toContain('authorize');
    await as('alice', 'get', `${PIPELINES}/roots`).expect(403);
  });

  it('show nothing to somebody without rights, and say what is missing', async () => {
    expect(await seen('bob')).toEqual([]);
    const { body } = await as('bob', 'put', `${PIPELINES}/hers/attrs/status`).send({ status: 'close' }).expect(403);
    expect(body).toMatchObject({
      error_code: 'StreamDataPipeline.Forbidden',
      error_details: { reason: 'the account may not operate to hers' },
    });
    await as('bob', 'post', PIPELINES).send({ name: 'x', use_index_base_in_data: true }).expect(403);
    const resources = await as('bob', 'get', `${PUBLIC_BASE}/resources?resource_type=stream_data_pipeline`);
    expect(resources.body).toEqual({ entries: [], total_count: 0 });
  });

  it('are given by who may authorize, and taken again', async () => {
    const right = { accessor: { type: 'user', id: 'bob' }, resource: 'hers', operations: ['view_detail'] };
    await grant('bob', right).expect(403);
    await grant('alice', { ...right, resource: '*' }).expect(403);
    await grant('alice', { ...right, resource: 'roots' }).expect(403);
    await grant('alice', right).expect(201);
    await grant('alice', right).expect(201);
    expect(await seen('bob')).toEqual(['hers']);
    const { body } = await as('alice', 'get', `${POLICIES}?resource=hers&accessor_id=bob`).expect(200);
    expect(body).toEqual({
      entries: [{ accessor: { type: 'user', id: 'bob' }, resource: 'hers', operation: 'view_detail' }],
      total_count: 1,
    });
    await as('alice', 'get', POLICIES).expect(403);
    await as('alice', 'delete', `${POLICIES}?resource=hers&accessor_type=user&accessor_id=bob`).expect(204);
    expect(await seen('bob')).toEqual([]);
  });

  it('hold for a role, also on all pipelines', async () => {
    const operators = { type: 'role', id: 'operators' };
    await grant('root', { accessor: operators, resource: '*', operations: ['view_detail', 'operate'] }).expect(201);
    expect(await seen('carol')).toEqual(['hers', 'roots']);
    const { body } = await as('carol', 'get', `${PIPELINES}/hers`).expect(200);
    expect(body.operations).toEqual(['view_detail', 'operate']);
    await as('carol', 'delete', `${PIPELINES}/hers?force=true`).expect(403);
  });

  it('ask for more when the output topic is to go too', async () => {
    const deleter = { accessor: { type: 'user', id: 'bob' }, resource: 'hers', operations: ['delete'] };
    await grant('root', deleter).expect(201);
    const remove = (query: string) => as('bob', 'delete', `${PIPELINES}/hers?${query}`);
    const { body } = await remove('force=true&delete_output=true').expect(403);
    expect(body.error_details.reason).toBe('the account may not authorize to hers');
    await remove('force=true&delete_output=true&delete_output=false').expect(403);
    await remove('delete_output=false').expect(409);
    await as('root', 'delete', `${POLICIES}?resource=hers&accessor_type=user&accessor_id=bob`).expect(204);
  });

  it('keep names from those who may not view them', async () => {
    const web = { index_base: `${mgmt.config.kafka.names.tenant}-web` };
    await as('alice', 'post', PIPELINES)
      .send({ id: 'web-a', name: 'Web A', ...web })
      .expect(201);
    const { body } = await as('alice', 'delete', `${PIPELINES}/web-a?force=true&delete_output=true`).expect(409);
    expect(body.error_details).toMatchObject({ pipelines: ['hers'], hidden_pipelines: 1 });
    await as('alice', 'delete', `${PIPELINES}/web-a?force=true`).expect(204);
  });

  it('go with the pipeline', async () => {
    await as('alice', 'post', PIPELINES).send({ id: 'short', name: 'Short', use_index_base_in_data: true }).expect(201);
    await as('alice', 'delete', `${PIPELINES}/short?force=true`).expect(204);
    expect(await mgmt.sql("SELECT * FROM t_stream_data_pipeline_policy WHERE f_resource = 'short'")).toEqual([]);
  });

  it('are refused for what does not exist or cannot be', async () => {
    const accessor = { type: 'user', id: 'bob' };
    const code = async (body: object) => (await grant('root', body)).body.error_code as string;
    expect(await code({ accessor, resource: 'nothing', operations: ['modify'] })).toMatch(/NotFound.Pipeline$/);
    expect(await code({ accessor, resource: '*', operations: ['fly'] })).toMatch(/InvalidParameter.Operations$/);
    expect(await code({ accessor, resource: 'A B', operations: ['modify'] })).toMatch(/InvalidParameter.Resource$/);
    expect(await code({ accessor: { type: 'user' }, resource: '*', operations: ['modify'] })).toMatch(/Accessor$/);
    expect(await code({ resource: '*', operations: ['modify'] })).toMatch(/NullParameter.Accessor$/);
  });

  it('are asked for by every route of the running service', async () => {
    const open = [/^\/health/, /\/health(\/live|\/ready)?$/, /^\/docs\/errors/, /^\/metrics$/];
    const routes = mgmt
      .routes()
      .filter(({ path }) => path.startsWith(PUBLIC_BASE) && !open.some((one) => one.test(path)));
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path } of routes) {
      const concrete = path.replace(':id', 'hers').replace(':fields', 'status');
      const told = `${method} ${path}`;
      const anonymous = await mgmt.public()[method](concrete);
      expect([told, anonymous.status]).toEqual([told, 401]);
      const stranger = await as('bob', method, concrete);
      const isFiltered = stranger.status === 200 && stranger.body.total_count === 0;
      const needsResourceType = String(stranger.body.error_code).endsWith('ResourceType');
      expect([told, stranger.status === 403 || isFiltered || needsResourceType]).toEqual([told, true]);
      const root = await as('root', method as 'get', concrete).send({});
      expect([told, [401, 403].includes(root.status)]).toEqual([told, false]);
      if (method === 'delete' && path.endsWith(':id')) {
        expect(root.status).toBe(409);
      }
    }
  });
});

describe('remote permissions', () => {
  let issuer: TokenIssuer;
  let server: Server;
  let mgmt: MgmtFixture;
  let answer: (path: string, body: Record<string, unknown>) => { status: number; body?: unknown };
  const asked: { path: string; authorization: string | undefined; body: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        const path = request.url ?? '';
        asked.push({ path, authorization: request.headers.authorization, body });
        const { status, body: told = {} } = answer(path, body);
        response.statusCode = status;
        response.end(JSON.stringify(told));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    mgmt = await MgmtFixture.start({
      ...isolated(),
      ...issuer.settings,
      SDP_PERMISSION_MODE: 'remote',
      SDP_PERMISSION_REMOTE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/authorization/`,
      SDP_PERMISSION_REMOTE_TOKEN: 'service-token',
      SDP_PERMISSION_REMOTE_TIMEOUTMS: '300',
      SDP_PERMISSION_REMOTE_RETRIES: '1',
    });
  });
  beforeEach(() => {
    asked.length = 0;
    answer = (path) => ({ status: 200, body: path.endsWith('operation-check') ? { result: true } : { entries: [] } });
  });
  afterAll(async () => {
    await mgmt.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await issuer.stop();
  });

  const as = async (method: 'get' | 'post' | 'delete', path: string) =>
    mgmt
      .public()
      [method](path)
      .set('Authorization', `Bearer ${await issuer.token('alice', { roles: 'a b' })}`);

  it('are asked for with account, operation and pipeline', async () => {
    await as('get', `${PIPELINES}/one`);
    expect(asked[0]).toEqual({
      path: '/authorization/operation-check',
      authorization: 'Bearer service-token',
      body: {
        accessor: { id: 'alice', type: 'user', roles: ['a', 'b'] },
        resource: { id: 'one', type: 'stream_data_pipeline' },
        operation: ['view_detail'],
      },
    });
  });

  it('forbid whatever is not clearly allowed', async () => {
    answer = () => ({ status: 200, body: { result: 'yes' } });
    expect((await as('get', `${PIPELINES}/one`)).status).toBe(403);
  });

  it.each([500, 503, 429])('are asked for once more after %s, and then nobody can tell', async (status) => {
    answer = () => ({ status });
    const { status: given, body } = await as('get', `${PIPELINES}/one`);
    expect([given, body.error_code]).toEqual([503, 'StreamDataPipeline.ServiceUnavailable.Permission']);
    expect(asked).toHaveLength(2);
  });

  it('that were refused are a fault of the service, told without its answer', async () => {
    answer = () => ({ status: 400, body: { secret: 'service-token' } });
    const { status, body } = await as('get', `${PIPELINES}/one`);
    expect([status, body.error_code]).toEqual([500, 'StreamDataPipeline.InternalError.Permission']);
    expect(JSON.stringify(body)).not.toContain('service-token');
  });

  it('decide what a list shows', async () => {
    const token = `Bearer ${await issuer.token('alice')}`;
    for (const id of ['seen', 'hidden']) {
      await mgmt
        .public()
        .post(PIPELINES)
        .set('Authorization', token)
        .send({ id, name: id, use_index_base_in_data: true })
        .expect(201);
    }
    expect(asked.filter(({ path }) => path.endsWith('/policy')).map(({ body }) => body['resource'])).toEqual([
      { id: 'seen', type: 'stream_data_pipeline' },
      { id: 'hidden', type: 'stream_data_pipeline' },
    ]);
    answer = () => ({ status: 200, body: { entries: [{ id: 'seen', operation: ['view_detail', 'modify'] }] } });
    const { body } = await mgmt.public().get(PIPELINES).set('Authorization', token).expect(200);
    expect(body).toMatchObject({ total_count: 1, entries: [{ id: 'seen', operations: ['view_detail', 'modify'] }] });
  });
});
