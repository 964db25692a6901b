import { randomUUID } from 'node:crypto';
import { ApiDocument, type Parameter, type Route } from '../support/openapi/document.js';
import { ContractService } from './contract/contract-service.js';
import type { HttpAnswer } from './contract/http-exchange.js';
import { PIPELINES, POLICIES, RESOURCES } from './contract/provocation.js';
import { isolated } from './mgmt-fixture.js';

const document = ApiDocument.committed();
const routes = document.routes.filter(({ tags = [] }) => !['operation', 'debug'].includes(tags[0] ?? ''));

/** Of a route about something that there is not, so that trying its parameters changes nothing. */
const pathOf = ({ path }: Route) => path.replace('{id}', 'nobody').replace('{fields}', 'status');

function exampleOf({ schema }: Parameter): string {
  return String(schema.example ?? schema.default ?? schema.enum?.[0]);
}

/** The query with the required parameters, but for one. */
function queryBut(route: Route, but: string, ...others: string[]): string {
  const required = route.parameters.filter(
    ({ in: place, name, required }) => place === 'query' && required && name !== but,
  );
  const given = required.map((parameter) => `${parameter.name}=${encodeURIComponent(exampleOf(parameter))}`);
  return [...given, ...others].join('&');
}

const parameters = routes.flatMap((route) =>
  route.parameters
    .filter(({ in: place }) => place === 'query')
    .map((parameter) => [route.operationId, parameter.name, route, parameter] as const),
);

/** Values that the document allows or not. */
function valuesOf({ schema }: Parameter): { value: string; isAllowed: boolean }[] {
  const allowed = (value: unknown) => ({ value: String(value), isAllowed: true });
  const refused = (value: unknown) => ({ value: String(value), isAllowed: false });
  const words = schema.items?.enum ?? schema.enum;
  if (words) {
    return [
      ...words.map(allowed),
      ...['', 'another', String(words[0]).toUpperCase(), `${String(words[0])} `].map(refused),
    ];
  }
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = 0, not } = schema;
    const others = [minimum - 1, maximum + 1, 1.5, '', ' 1', '1e2', '0x1', 'NaN', ...(not?.enum ?? [])];
    return [...[minimum, 1, maximum].map(allowed), ...others.map(refused)];
  }
  return [allowed(exampleOf({ schema } as Parameter))];
}

interface ErrorBody {
  error_details: { faults?: { field: string }[] };
}
const faultyFields = ({ body }: HttpAnswer) =>
  (body as Partial<ErrorBody>).error_details?.faults?.map(({ field }) => field);

describe('a query parameter', () => {
  let service: ContractService;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
  });
  afterAll(() => service.stop());

  const ask = (route: Route, query: string) => {
    const path = pathOf(route);
    return service.send({
      method: route.method.toUpperCase(),
      path: `${path}?${query}`,
      ...(route.requestBody && {
        // A create that is allowed makes a pipeline each time.
        body: path.includes('attrs') ? { status: 'close' } : { name: randomUUID(), use_index_base_in_data: true },
      }),
    });
  };

  it.each(parameters)('takes just what the document says: %s %s', async (_operationId, name, route, parameter) => {
    for (const { value, isAllowed } of valuesOf(parameter)) {
      const answer = await ask(route, queryBut(route, name, `${name}=${encodeURIComponent(value)}`));
      expect({ value, faulty: faultyFields(answer), isServed: answer.status < 500 }).toEqual({
        value,
        faulty: isAllowed ? undefined : [name],
        isServed: true,
      });
    }
  });

  it.each(parameters)(
    'is given once, unless it may be repeated: %s %s',
    async (_operationId, name, route, parameter) => {
      const [first] = valuesOf(parameter);
      const pair = `${name}=${encodeURIComponent(first?.value ?? '')}`;
      const answer = await ask(route, queryBut(route, name, pair, pair));
      expect([answer.status, faultyFields(answer)]).toEqual(
        parameter.schema.type === 'array' ? [expect.any(Number), undefined] : [400, [name]],
      );
    },
  );

  it.each(routes.map((route) => [route.operationId, route] as const))(
    'is refused by name when it is not documented: %s',
    async (_operationId, route) => {
      for (const name of ['colour', 'constructor', '__proto__', 'Limit', 'offset[]']) {
        const answer = await ask(route, queryBut(route, name, `${encodeURIComponent(name)}=1`));
        expect([name, answer.status, faultyFields(answer)]).toEqual([name, 400, expect.arrayContaining([name])]);
      }
    },
  );
});

describe('a list', () => {
  const names = ['Alpha 100%', 'beta_1', 'beta-1', 'back\\slash', '日志 😀', 'Zeta'];
  let service: ContractService;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
    for (const [at, name] of names.entries()) {
      const tags = at < 2 ? ['web', `t ${at}`] : ['webs'];
      await service.create({ id: `p${at}`, name, tags, builtin: at === 0, use_index_base_in_data: true });
      await service.sql('UPDATE t_stream_data_pipeline SET f_update_time = ? WHERE f_pipeline_id = ?', [at, `p${at}`]);
    }
    await service.send({ method: 'PUT', path: `${PIPELINES}/p5/attrs/status`, body: { status: 'close' } });
    await service.sql("UPDATE t_stream_data_pipeline SET f_update_time = 5 WHERE f_pipeline_id = 'p5'");
    for (const id of ['ann', 'bob', 'cid']) {
      const body = { accessor: { type: 'user', id }, resource: 'p1', operations: ['view_detail', 'operate'] };
      await service.send({ method: 'POST', path: POLICIES, body });
    }
  });
  afterAll(() => service.stop());

  async function page(path: string): Promise<{ keys: string; total: number }> {
    const { status, body } = await service.get(path);
    expect(status).toBe(200);
    const { entries, total_count: total } = body as { entries: Record<string, unknown>[]; total_count: number };
    const keys = entries.map(({ id, accessor, operation }) => {
      const whose = (accessor as { id: string } | undefined)?.id;
      return whose === undefined ? String(id) : `${whose}:${String(operation)}`;
    });
    return { keys: keys.join(' '), total };
  }

  it.each<[query: string, keys: string, total: number]>([
    ['', 'p5 p4 p3 p2 p1 p0', 6],
    ['direction=asc', 'p0 p1 p2 p3 p4 p5', 6],
    ['sort=update_time&direction=desc', 'p5 p4 p3 p2 p1 p0', 6],
    ['sort=name&direction=asc', 'p0 p5 p3 p2 p1 p4', 6],
    ['sort=name&direction=desc', 'p4 p1 p2 p3 p5 p0', 6],
    ['limit=1', 'p5', 6],
    ['limit=1&offset=5', 'p0', 6],
    ['limit=1&offset=6', '', 6],
    ['offset=999999999999999', '', 6],
    ['limit=-1', 'p5 p4 p3 p2 p1 p0', 6],
    ['limit=-1&offset=4', 'p1 p0', 6],
    ['limit=1000', 'p5 p4 p3 p2 p1 p0', 6],
    ['tag=web', 'p1 p0', 2],
    ['tag=t%201', 'p1', 1],
    ['tag=we', '', 0],
    ['tag=', 'p5 p4 p3 p2 p1 p0', 6],
    ['builtin=true', 'p0', 1],
    ['builtin=false&limit=2', 'p5 p4', 5],
    ['builtin=true&builtin=false', 'p5 p4 p3 p2 p1 p0', 6],
    ['builtin=true&builtin=true', 'p0', 1],
    ['status=close', 'p5', 1],
    ['status=error', '', 0],
    ['status=running&status=close&limit=1', 'p5', 6],
    ['status=running&tag=web&builtin=false&name_pattern=beta', 'p1', 1],
  ])('of pipelines for "%s" is %s of %i', async (query, keys, total) => {
    expect(await page(`${PIPELINES}?${query}`)).toEqual({ keys, total });
  });

  it.each<[pattern: string, keys: string]>([
    ['%', 'p0'],
    ['_', 'p1'],
    ['\\', 'p3'],
    ['\\%', ''],
    ["' OR 1=1 --", ''],
    ['beta', 'p1 p2'],
    ['BETA', ''],
    ['志 😀', 'p4'],
    ['\u{1f600}', 'p4'],
    ['a 1', 'p0'],
    ['', 'p0 p1 p2 p3 p4 p5'],
  ])('finds names that contain %j, literally', async (pattern, keys) => {
    const literal = encodeURIComponent(pattern);
    const total = keys === '' ? 0 : keys.split(' ').length;
    expect(await page(`${PIPELINES}?direction=asc&name_pattern=${literal}`)).toEqual({ keys, total });
    const resources = await page(`${RESOURCES}&keyword=${literal}`);
    expect({ ...resources, keys: resources.keys.split(' ').toSorted().join(' ') }).toEqual({ keys, total });
  });

  it.each<[query: string, keys: string, total: number]>([
    ['', 'p0 p5 p3 p2 p1 p4', 6],
    ['&sort=name&direction=desc', 'p4 p1 p2 p3 p5 p0', 6],
    ['&limit=2&offset=1', 'p5 p3', 6],
    ['&limit=-1&offset=5', 'p4', 6],
  ])('of resources for "%s" is %s of %i', async (query, keys, total) => {
    expect(await page(`${RESOURCES}${query}`)).toEqual({ keys, total });
  });

  it.each<[query: string, keys: string, total: number]>([
    ['accessor_id=ann', 'ann:operate ann:view_detail', 2],
    ['limit=1&offset=2', 'bob:operate', 6],
    ['limit=-1&offset=5', 'cid:view_detail', 6],
    ['resource=p1&accessor_type=user&limit=3', 'ann:operate ann:view_detail bob:operate', 6],
    ['accessor_type=role', '', 0],
    ['resource=*', '', 0],
    ['accessor_id=%25', '', 0],
  ])('of policies for "%s" is %s of %i', async (query, keys, total) => {
    expect(await page(`${POLICIES}?${query}`)).toEqual({ keys, total });
  });

  it.each(['tag=a%22%2C%22b', 'tag=a%2Fb', 'tag=web%22'])('refuses a tag that there cannot be: %s', async (query) => {
    const answer = await service.get(`${PIPELINES}?${query}`);
    expect(answer).toMatchObject({
      status: 400,
      body: { error_code: 'StreamDataPipeline.InvalidParameter.Tag', error_details: { faults: [{ field: 'tag' }] } },
    });
  });
});
