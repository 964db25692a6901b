import { HANDLER_TYPES } from '../../src/handlers/handler-types.js';
import { isolated, removeIndices } from './mgmt-fixture.js';
import { ApiDocument, type Route } from '../support/openapi/document.js';
import { SchemaCheck } from '../support/openapi/schema-check.js';
import { ContractService } from './contract/contract-service.js';
import type { HttpAnswer } from './contract/http-exchange.js';

/** Paths of examples, where the first example of the path does not do. */
const FIELDS: Readonly<Record<string, string>> = {
  stop: 'status',
  start: 'status',
  explain: 'status_details',
  both: 'status,status_details',
};

/** Index bases of the examples. */
const BASES = ['orders', 'stock', 'web'];

describe('the examples of the API document', () => {
  const committed = ApiDocument.committed();
  let service: ContractService;
  let document: ApiDocument;
  let check: SchemaCheck;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
    document = new ApiDocument((await service.get('/docs/openapi.json')).body as ApiDocument['json']);
    check = new SchemaCheck(document);
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all(BASES.map((base) => removeIndices(`mdl-${base}*`)));
  });

  const example = (operationId: string, name: string): object => {
    const media = committed.route(operationId).requestBody?.content['application/json'] ?? {};
    return committed.examples(media).find((one) => one.name === name)?.value as object;
  };

  /** Sends a request of the route with its documented parameters and one of its bodies. */
  async function send(route: Route, { name = '', query = '', headers = {} } = {}): Promise<HttpAnswer> {
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_whole, parameter: string) =>
      parameter === 'fields' ? (FIELDS[name] ?? 'status') : 'web-access-log',
    );
    return service.send({
      method: route.method.toUpperCase(),
      path: path + query,
      headers,
      ...(name && { body: example(route.operationId, name) }),
    });
  }

  /** The status is documented, its headers are there, and the body is as its schema says, with no field more. */
  function expectDocumented(route: Route, answer: HttpAnswer): void {
    const described = document.route(route.operationId).responses[answer.status];
    expect([route.operationId, answer.status, described !== undefined]).toEqual([
      route.operationId,
      answer.status,
      true,
    ]);
    const missing = Object.keys(described?.headers ?? {}).filter((name) => !answer.headers[name.toLowerCase()]);
    expect(missing).toEqual([]);
    const [type, media] = Object.entries(described?.content ?? {})[0] ?? [];
    if (type && media) {
      expect(answer.headers['content-type']).toContain(type);
      expect(check.faults(media.schema ?? {}, answer.body)).toEqual([]);
    } else {
      expect(answer.body).toBe('');
    }
  }

  it.each(optionalFields(committed))('may have null for %s, which means that it is left out', async (field) => {
    const { path } = committed.route('Pipelines_create');
    const base = field === 'use_index_base_in_data' ? { index_base: 'web' } : { use_index_base_in_data: true };

    const answer = await service.send({ method: 'POST', path, body: { name: 'Nothing', ...base, [field]: null } });

    expect(answer).toMatchObject({ status: 201 });
    await service.send({ method: 'DELETE', path: `${path}/${(answer.body as { id: string }).id}?force=true` });
  });

  it('show every type of handler', () => {
    expect(handlerExamples(committed)).toHaveLength(HANDLER_TYPES.size);
  });

  it('come from the document that is committed', () => {
    expect(document.json).toEqual(committed.json);
  });

  it.each(committed.routes.flatMap(bodies))('are accepted: %s %s', async (operationId, name) => {
    const route = committed.route(operationId);

    const answer = await send(route, { name });

    expect(answer.body).not.toHaveProperty('error_code');
    expect(answer.status).toBeLessThan(300);
    expectDocumented(route, answer);
  });

  it.each(handlerExamples(committed))('make a pipeline with the handler %s', async (name, handler) => {
    const id = `with-${name.toLowerCase()}`;
    const route = committed.route('Pipelines_create');
    const body = { id, name, use_index_base_in_data: true, handlers: [handler] };

    const answer = await service.send({ method: 'POST', path: route.path, body });

    expect(answer).toMatchObject({ status: 201, body: { id } });
    const { body: kept } = await service.get(`${route.path}/${id}`);
    expect(kept).toMatchObject({ handlers: [handler] });
    expect(check.faults(document.schemas[name] ?? {}, handler)).toEqual([]);
    await service.send({ method: 'DELETE', path: `${route.path}/${id}?force=true` });
  });

  it.each<readonly [operationId: string, query: string]>([
    ['Pipelines_list', ''],
    [
      'Pipelines_list',
      '?name_pattern=access&sort=name&direction=asc&offset=0&limit=-1&tag=web&status=error&builtin=false',
    ],
    ['Pipelines_get', ''],
    ['Tasks_list', ''],
    ['Tasks_list', '?history=true'],
    ['Resources_list', '?resource_type=stream_data_pipeline&keyword=access'],
    ['Policies_list', '?resource=web-access-log'],
    ...committed.routes.filter(isReport).map(({ operationId }) => [operationId, ''] as const),
  ])('are what is answered: %s%s', async (operationId, query) => {
    const route = committed.route(operationId);
    const answer = await send(route, { query });
    expect(answer.status).toBe(200);
    expectDocumented(route, answer);
  });

  it('are answered with the fields of the documented example, and no other', async () => {
    const { body } = await send(committed.route('Pipelines_get'));
    const media = committed.route('Pipelines_get').responses['200']?.content?.['application/json'] ?? {};
    expect(Object.keys(body as object).toSorted()).toEqual(
      Object.keys(committed.examples(media)[0]?.value as object).toSorted(),
    );
  });

  it('are enough to read, restart, stop, delete and take rights away', async () => {
    await send(committed.route('Pipelines_changeAttributes'), { name: 'start' });
    const get = committed.route('Pipelines_get');
    const etag = String((await send(get)).headers.etag);
    expectDocumented(get, await send(get, { headers: { 'if-none-match': etag } }));
    for (const [operationId, query] of [
      ['Pipelines_restart', ''],
      ['Policies_revoke', '?resource=web-access-log&accessor_type=user&accessor_id=alice&operation=operate'],
      ['Pipelines_delete', '?force=true'],
    ] as const) {
      const route = committed.route(operationId);
      const answer = await send(route, { query });
      expect([operationId, answer.status < 300]).toEqual([operationId, true]);
      expectDocumented(route, answer);
    }
    expect((await send(get)).status).toBe(404);
  });
});

/** What the process tells of itself. */
function isReport({ method, tags = [] }: Route): boolean {
  return method === 'get' && ['operation', 'debug'].includes(tags[0] ?? '');
}

/** Names of the examples of a request body; creates come in the order of the document, before what needs them. */
function bodies({ operationId, requestBody }: Route): [operationId: string, name: string][] {
  return Object.keys(requestBody?.content['application/json']?.examples ?? {}).map((name) => [operationId, name]);
}

/** The components of the types of handlers, and the example of each. */
function handlerExamples({ schemas }: ApiDocument): [component: string, handler: unknown][] {
  const { oneOf = [] } = schemas['CreatePipelineDto']?.properties?.['handlers']?.items ?? {};
  return oneOf.map(({ $ref = '' }) => {
    const component = $ref.replace('#/components/schemas/', '');
    return [component, schemas[component]?.example];
  });
}

/** Fields of a create that need not be given. */
function optionalFields({ schemas }: ApiDocument): string[] {
  const { properties = {}, required = [] } = schemas['CreatePipelineDto'] ?? {};
  return Object.keys(properties).filter((field) => !required.includes(field));
}
