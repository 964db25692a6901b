import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';

const valid = { id: 'valid', name: 'Valid', index_base: 'web' };
const long = (count: number) => '管'.repeat(count);
const prefix = 'StreamDataPipeline.';

describe('a request that is not valid', () => {
  let mgmt: MgmtFixture;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
  });
  afterAll(async () => {
    expect((await mgmt.public().get(PIPELINES)).body.total_count).toBe(0);
    await mgmt.stop();
  });

  it.each<[code: string, field: string, body: object]>([
    ['NullParameter.PipelineName', 'name', { ...valid, name: undefined }],
    ['NullParameter.PipelineName', 'name', { ...valid, name: null }],
    ['NullParameter.PipelineName', 'name', { ...valid, name: '' }],
    ['NullParameter.PipelineName', 'name', { ...valid, name: '  ' }],
    ['InvalidParameter.PipelineName', 'name', { ...valid, name: 5 }],
    ['InvalidParameter.PipelineName', 'name', { ...valid, name: 'half \ud83d' }],
    ['LengthExceeded.PipelineName', 'name', { ...valid, name: long(41) }],
    ['InvalidParameter.PipelineID', 'id', { ...valid, id: 'Upper' }],
    ['InvalidParameter.PipelineID', 'id', { ...valid, id: '-dash' }],
    ['InvalidParameter.PipelineID', 'id', { ...valid, id: 7 }],
    ['LengthExceeded.PipelineID', 'id', { ...valid, id: 'a'.repeat(41) }],
    ['InvalidParameter.Tag', 'tags', { ...valid, tags: 'a' }],
    ['InvalidParameter.Tag', 'tags', { ...valid, tags: [1] }],
    ['InvalidParameter.Tag', 'tags', { ...valid, tags: ['a/b'] }],
    ['InvalidParameter.Tag', 'tags', { ...valid, tags: ['《a》'] }],
    ['InvalidParameter.Tag', 'tags', { ...valid, tags: ['a.b'] }],
    ['LengthExceeded.Tag', 'tags', { ...valid, tags: [long(41)] }],
    ['CountExceeded.Tags', 'tags', { ...valid, tags: ['1', '2', '3', '4', '5', '6'] }],
    ['InvalidParameter.Comment', 'comment', { ...valid, comment: {} }],
    ['LengthExceeded.Comment', 'comment', { ...valid, comment: long(256) }],
    ['InvalidParameter.Builtin', 'builtin', { ...valid, builtin: 'yes' }],
    ['InvalidParameter.OutputType', 'output_type', { ...valid, output_type: 'kafka' }],
    ['NullParameter.IndexBase', 'index_base', { ...valid, index_base: undefined }],
    ['NullParameter.IndexBase', 'index_base', { ...valid, index_base: '', use_index_base_in_data: false }],
    ['InvalidParameter.IndexBase', 'index_base', { ...valid, index_base: 'No Base' }],
    ['InvalidParameter.IndexBase', 'index_base', { ...valid, index_base: '../x', use_index_base_in_data: true }],
    ['InvalidParameter.UseIndexBaseInData', 'use_index_base_in_data', { ...valid, use_index_base_in_data: 1 }],
    ['InvalidParameter.DeploymentConfig', 'deployment_config', { ...valid, deployment_config: 'big' }],
    ['InvalidParameter.DeploymentConfig', 'deployment_config', { ...valid, deployment_config: [] }],
    ['InvalidParameter.DeploymentConfig', 'deployment_config.cpu', { ...valid, deployment_config: { cpu: 1 } }],
    [
      'InvalidParameter.DeploymentConfig',
      'deployment_config.cpu_limit',
      { ...valid, deployment_config: { cpu_limit: '1' } },
    ],
    [
      'InvalidParameter.DeploymentConfig',
      'deployment_config.isolation',
      { ...valid, deployment_config: { isolation: 'own' } },
    ],
    ['OutOfRange.CpuLimit', 'deployment_config.cpu_limit', { ...valid, deployment_config: { cpu_limit: 0 } }],
    ['OutOfRange.CpuLimit', 'deployment_config.cpu_limit', { ...valid, deployment_config: { cpu_limit: 9 } }],
    ['OutOfRange.MemoryLimit', 'deployment_config.memory_limit', { ...valid, deployment_config: { memory_limit: 99 } }],
    [
      'OutOfRange.MemoryLimit',
      'deployment_config.memory_limit',
      { ...valid, deployment_config: { memory_limit: 8193 } },
    ],
    ['OutOfRange.Parallelism', 'deployment_config.parallelism', { ...valid, deployment_config: { parallelism: 17 } }],
    ['InvalidParameter.Handlers', 'handlers[0].field', { ...valid, handlers: [{ type: 'grok' }] }],
    ['InvalidParameter.Handlers', 'handlers', { ...valid, handlers: {} }],
    ['InvalidParameter.InputTopic', 'input_topic', { ...valid, input_topic: 'a b' }],
    ['InvalidParameter.InputTopic', 'input_topic', { ...valid, input_topic: '..' }],
    ['InvalidParameter.DocumentVersion', 'document_version', { ...valid, document_version: 'time' }],
    ['InvalidParameter.Settings', 'settings', { ...valid, settings: [] }],
    ['InvalidParameter.Settings', 'settings.flush_mib', { ...valid, settings: { flush_mib: 0 } }],
    ['InvalidParameter.Settings', 'settings.tombstones', { ...valid, settings: { tombstones: 'keep' } }],
    ['InvalidParameter.Settings', 'settings.flushMiB', { ...valid, settings: { flushMiB: 1 } }],
    ['InvalidParameter.RequestBody', 'nmae', { ...valid, nmae: 'x' }],
    ['InvalidParameter.RequestBody', 'status', { ...valid, status: 'running' }],
  ])('is refused with %s for %s', async (code, field, body) => {
    const answer = await mgmt.public().post(PIPELINES).send(body);
    expect(answer.body).toMatchObject({ error_code: prefix + code });
    expect(answer.body.error_details.faults[0]).toMatchObject({ field, error_code: prefix + code });
    expect(answer.status).toBe(400);
  });

  it('is told of all its faults at once, with their limits', async () => {
    const body = { id: 'X', tags: [long(41)], deployment_config: { cpu_limit: 0 }, extra: 1, index_base: 'web' };
    const { error_details: details } = (await mgmt.public().post(PIPELINES).send(body).expect(400)).body;
    expect((details.faults as { field: string }[]).map(({ field }) => field).toSorted()).toEqual([
      'deployment_config.cpu_limit',
      'extra',
      'id',
      'name',
      'tags',
    ]);
    expect(details.faults).toContainEqual({
      field: 'tags',
      fault: 'has a tag of 41 characters',
      limit: 'at most 40 characters each',
      error_code: `${prefix}LengthExceeded.Tag`,
    });
  });

  it.each<[what: string, body: string, type: string, status: number, code: string]>([
    ['is not JSON', '{"name":', 'application/json', 400, 'InvalidParameter.RequestBody'],
    ['is no object', '[]', 'application/json', 400, 'InvalidParameter.RequestBody'],
    ['is null', 'null', 'application/json', 400, 'InvalidParameter.RequestBody'],
    ['is a text', '"x"', 'application/json', 400, 'InvalidParameter.RequestBody'],
    ['is another type', 'name=x', 'application/x-www-form-urlencoded', 415, 'UnSupported.ContentType'],
    ['is in another encoding', '{}', 'application/json; charset=latin1', 415, 'UnSupported.ContentType'],
    ['is too large', `{"comment":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413, 'LengthExceeded.RequestBody'],
  ])('is refused when its body %s', async (_what, body, type, status, code) => {
    const answer = await mgmt.public().post(PIPELINES).set('Content-Type', type).send(body);
    expect(answer.body).toMatchObject({ error_code: prefix + code });
    expect(answer.status).toBe(status);
  });

  it('is refused when its body is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const sent = mgmt.public().post(PIPELINES).set('Content-Type', 'application/json');
    sent.write(bytes);
    const { body } = await sent.expect(400);
    expect(body.error_details.faults[0].fault).toBe('is not UTF-8');
  });

  it.each<[code: string, query: string]>([
    ['InvalidParameter.Sort', 'sort=id'],
    ['InvalidParameter.Direction', 'direction=up'],
    ['InvalidParameter.Offset', 'offset=-1'],
    ['InvalidParameter.Offset', 'offset=x'],
    ['InvalidParameter.Limit', 'limit=0'],
    ['InvalidParameter.Limit', 'limit=1001'],
    ['InvalidParameter.Limit', 'limit=-2'],
    ['InvalidParameter.Limit', 'limit=1.5'],
    ['InvalidParameter.Limit', 'limit='],
    ['InvalidParameter.Limit', 'limit=5&limit=6'],
    ['InvalidParameter.NamePattern', 'name_pattern=a&name_pattern=b'],
    ['InvalidParameter.Tag', 'tag=a&tag=b'],
    ['InvalidParameter.Builtin', 'builtin=1'],
    ['InvalidParameter.Status', 'status=running&status=broken'],
    ['InvalidParameter.QueryParameter', 'page=1'],
    ['InvalidParameter.QueryParameter', 'filter[name]=1'],
  ])('to list is refused with %s: %s', async (code, query) => {
    const { status, body } = await mgmt.public().get(`${PIPELINES}?${query}`);
    expect(body).toMatchObject({ error_code: prefix + code });
    expect(status).toBe(400);
    expect(query).toContain(body.error_details.faults[0].field);
  });

  it.each<[code: string, status: number, path: string, body: object]>([
    ['InvalidParameter.Fields', 400, 'x/attrs/name', { name: 'y' }],
    ['InvalidParameter.Fields', 400, 'x/attrs/status,status', { status: 'close' }],
    ['NullParameter.Status', 400, 'x/attrs/status', {}],
    ['NullParameter.StatusDetails', 400, 'x/attrs/status,status_details', { status: 'close' }],
    ['InvalidParameter.Status', 400, 'x/attrs/status', { status: 'paused' }],
    ['InvalidParameter.Status', 400, 'x/attrs/status', { status: 'error' }],
    ['InvalidParameter.RequestBody', 400, 'x/attrs/status', { status: 'close', status_details: 'y' }],
    ['LengthExceeded.StatusDetails', 400, 'x/attrs/status_details', { status_details: long(2001) }],
    ['InvalidParameter.IsInnerRequest', 400, 'x/attrs/status?is_inner_request=1', { status: 'close' }],
    ['Forbidden', 403, 'x/attrs/status?is_inner_request=true', { status: 'error' }],
    ['NotFound.Pipeline', 404, 'x/attrs/status', { status: 'close' }],
  ])('to change the status is refused with %s (%i): %s', async (code, status, path, body) => {
    const answer = await mgmt.public().put(`${PIPELINES}/${path}`).send(body);
    expect(answer.body).toMatchObject({ error_code: prefix + code });
    expect(answer.status).toBe(status);
  });

  it.each<[code: string, status: number, method: 'get' | 'delete' | 'put', path: string]>([
    ['NotFound.Pipeline', 404, 'get', '/pipelines/nobody'],
    ['NotFound.Pipeline', 404, 'get', '/pipelines/Not%20An%20Id'],
    ['NotFound.Pipeline', 404, 'get', '/pipelines/nobody/tasks'],
    ['NotFound.Pipeline', 404, 'delete', '/pipelines/nobody'],
    ['InvalidParameter.Force', 400, 'delete', '/pipelines/nobody?force=yes'],
    ['InvalidParameter.QueryParameter', 400, 'get', '/pipelines/nobody?fields=id'],
    ['InvalidParameter.Path', 400, 'get', '/pipelines/%ff'],
    ['NotFound.Route', 404, 'get', '/pipes'],
    ['NotFound.Route', 404, 'put', '/pipelines'],
    ['UnSupported.ResourceType', 400, 'get', '/resources'],
    ['UnSupported.ResourceType', 400, 'get', '/resources?resource_type=dashboard'],
    ['InvalidParameter.Sort', 400, 'get', '/resources?resource_type=stream_data_pipeline&sort=id'],
  ])('is refused with %s (%i): %s %s', async (code, status, method, path) => {
    const answer = await mgmt.public()[method](PUBLIC_BASE + path);
    expect(answer.body).toMatchObject({ error_code: prefix + code });
    expect(answer.status).toBe(status);
  });

  it('keeps the two APIs on their own ports', async () => {
    const path = '/api/flow-stream-data-pipeline/in/v1/pipelines';
    expect((await mgmt.public().get(path)).status).toBe(404);
    expect((await mgmt.internal().get(PIPELINES)).status).toBe(404);
    expect((await mgmt.internal().get('/docs')).status).toBe(404);
  });
});

describe('an answer', () => {
  let mgmt: MgmtFixture;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
  });
  afterAll(() => mgmt.stop());

  it('is in the language asked for', async () => {
    const path = `${PIPELINES}/nobody`;
    const english = await mgmt.public().get(path);
    expect(english.body.description).toBe('There is no such pipeline');
    expect(english.headers['content-language']).toBe('en-US');
    const chinese = await mgmt.public().get(path).set('Accept-Language', 'fr, zh-CN;q=0.8, en;q=0.5');
    expect(chinese.body).toMatchObject({ description: '管道不存在', error_code: `${prefix}NotFound.Pipeline` });
    const explicit = await mgmt.public().get(path).set('Accept-Language', 'zh-CN').set('x-language', 'en-US');
    expect(explicit.body.description).toBe('There is no such pipeline');
  });

  it('carries the request id, as do its error and the log', async () => {
    const mine = await mgmt.public().get(`${PIPELINES}/nobody?secret=1`).set('x-request-id', 'mine-1');
    expect(mine.headers['x-request-id']).toBe('mine-1');
    expect(mine.body.error_details.request_id).toBe('mine-1');
    expect(mgmt.log).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        method: 'GET',
        route: `${PIPELINES}/:id`,
        path: `${PIPELINES}/nobody`,
        status: 400,
        durationMs: expect.any(Number),
        requestId: 'mine-1',
        pipeline: 'nobody',
        accountId: 'admin',
        code: 'InvalidParameter.QueryParameter',
        listener: 'public',
      }),
    );
    const made = await mgmt.public().get(PIPELINES).set('x-request-id', 'not one\u00e9');
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to a probe stays out of the log', async () => {
    await mgmt.public().get('/health/live').expect(200);
    expect(mgmt.log.filter(({ path }) => path === '/health/live')).toEqual([]);
  });

  it('explains every error where error_link leads', async () => {
    const { body } = await mgmt.public().get(`${PIPELINES}/nobody`);
    const [path, anchor] = (body.error_link as string).split('#');
    const page = await mgmt
      .public()
      .get(path ?? '')
      .expect(200);
    expect(page.text).toContain(`id="${anchor}"`);
  });

  it('describes every route, field and error in the OpenAPI document', async () => {
    const { body } = await mgmt.public().get('/docs/openapi.json').expect(200);
    const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace(PUBLIC_BASE, '')}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'post /pipelines',
        'get /pipelines',
        'get /pipelines/{id}',
        'delete /pipelines/{id}',
        'put /pipelines/{id}/attrs/{fields}',
        'get /pipelines/{id}/tasks',
        'get /resources',
      ]),
    );
    const create = body.paths[PIPELINES].post;
    expect(create.requestBody.content['application/json'].schema.$ref).toBe('#/components/schemas/CreatePipelineDto');
    expect(create.responses['503'].headers).toHaveProperty('Retry-After');
    expect(create.responses['403'].content['application/json'].examples).toHaveProperty(['Duplicated.PipelineName']);
    expect(body.components.schemas.CreatePipelineDto.required).toEqual(['name']);
    expect(body.components.schemas.CreatePipelineDto.properties.name).toMatchObject({ type: 'string', maxLength: 40 });
    const list = (body.paths[PIPELINES].get.parameters as { name: string }[]).map(({ name }) => name);
    expect(list).toEqual(
      expect.arrayContaining(['name_pattern', 'sort', 'direction', 'offset', 'limit', 'tag', 'builtin', 'status']),
    );
  });

  it('has a Swagger UI that loads nothing from elsewhere', async () => {
    const page = await mgmt.public().get('/docs/').redirects(1).expect(200);
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    await mgmt.public().get('/docs/swagger-ui-bundle.js').expect(200);
  });
});
