import { randomUUID } from 'node:crypto';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import { ApiDocument } from '../support/openapi/document.js';
import { type Boundary, boundariesOf, textOf } from '../support/openapi/boundaries.js';
import { ContractService } from './contract/contract-service.js';
import type { HttpAnswer } from './contract/http-exchange.js';
import { PIPELINES, POLICIES } from './contract/provocation.js';
import { isolated, makeTopic, removeIndices } from './mgmt-fixture.js';

interface Described {
  operationId: string;
  method: string;
  path: string;
  /** A body to which one value at a limit is added. */
  valid: object;
  /** Fields whose values are taken by another route, or cannot be tried without harm; each with the reason. */
  untried?: Readonly<Record<string, string>>;
}

const document = ApiDocument.committed();
const name = 'Limits';
const inData = { use_index_base_in_data: true };
/** One for this file, and the longest that there can be: both are made. */
const base = `limits-${randomUUID()}`;
const longestBase = textOf(100, 'a');

const described: readonly Described[] = [
  {
    ...{ operationId: 'Pipelines_create', method: 'POST', path: PIPELINES, valid: { name: 'Other', ...inData } },
    untried: Object.fromEntries(
      Object.keys(document.schemas['UpdatePipelineDto']?.properties ?? {})
        .filter((field) => !['id', 'builtin'].includes(field))
        .map((field) => [field, 'a change takes the same']),
    ),
  },
  {
    ...{
      operationId: 'Pipelines_update',
      method: 'PUT',
      path: `${PIPELINES}/limits`,
      valid: { name, index_base: base },
    },
    untried: {
      ...{ id: 'cannot be changed', builtin: 'cannot be changed', input_topic: 'cannot be changed' },
      tests: 'what one may say is tried in pipeline-tests',
      handlers: 'what one may be told is its own type’s',
    },
  },
  {
    ...{ operationId: 'Preview_run', method: 'POST', path: `${PIPELINES}/preview` },
    valid: { pipeline: inData, records: [{ value: '{}' }] },
    untried: {
      id: 'would have to be there',
      records: 'what one may say is tried in preview',
      peek: 'not beside records',
      pipeline: 'a create and a change take the same',
    },
  },
  {
    ...{ operationId: 'Pipelines_changeAttributes', method: 'PUT', path: `${PIPELINES}/limits/attrs/status_details` },
    ...{ valid: {}, untried: { status: 'the path names the other one' } },
  },
  {
    ...{ operationId: 'Policies_grant', method: 'POST', path: POLICIES },
    valid: { accessor: { type: 'user', id: 'bob' }, resource: '*', operations: ['operate'] },
  },
  { operationId: 'LogLevel_change', method: 'PUT', path: `${PUBLIC_BASE}/log-level`, valid: { level: 'info' } },
  { operationId: 'TokenLogLevel_change', method: 'PUT', path: '/log-level', valid: { level: 'info' } },
  {
    ...{ operationId: 'TokenAnsweringLogLevel_change', method: 'PUT', path: '/debug/log-level' },
    valid: { level: 'info' },
  },
];

/** The body with the value in the place that the field names. */
function withValue(body: object, [head = '', ...rest]: readonly string[], value: unknown): object {
  const below = (body as Record<string, object | undefined>)[head] ?? {};
  return { ...body, [head]: rest.length === 0 ? value : withValue(below, rest, value) };
}

const schemaOf = ({ operationId }: Described) =>
  document.route(operationId).requestBody?.content['application/json']?.schema ?? {};

const cases = described.flatMap((route) =>
  boundariesOf(document, schemaOf(route))
    .filter(({ field, isAllowed }) => !isAllowed || route.untried?.[field] === undefined)
    .filter(
      ({ field, isAllowed }) => !isAllowed || !Object.keys(route.untried ?? {}).includes(field.split('.')[0] ?? ''),
    )
    // A path that names one attribute has nothing to say of the other.
    .filter(({ field }) => route.operationId !== 'Pipelines_changeAttributes' || field === 'status_details')
    .map((boundary) => [route.operationId, boundary.field, boundary.what, route, boundary] as const),
);

describe('a field', () => {
  let service: ContractService;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
    // On a topic of its own it may have any number of input partitions: none are made.
    await makeTopic(`${service.tenant}.own`);
    await service.create({ id: 'limits', name, ...inData, input_topic: `${service.tenant}.own` });
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([base, longestBase].map((made) => removeIndices(`mdl-${made}*`)));
  });

  const send = ({ method, path }: Described, body: object) => service.send({ method, path, body });

  /** The limit is told with the field that breaks it, and nothing else is found fault with. */
  function expectRefusal({ status, body }: HttpAnswer, { field, limit }: Boundary): void {
    const { error_details: details } = body as { error_details: { faults?: { field: string; limit?: string }[] } };
    expect({ status, fields: details.faults?.map((fault) => fault.field) }).toEqual({ status: 400, fields: [field] });
    const [told] = details.faults ?? [];
    if (limit !== undefined && told?.limit !== undefined) {
      expect(told.limit).toContain(limit);
    }
  }

  async function expectKept(
    answer: HttpAnswer,
    { operationId, method }: Described,
    { field, value }: Boundary,
  ): Promise<void> {
    expect({ status: answer.status < 300, body: answer.body }).toMatchObject({ status: true });
    const isPipeline = operationId.startsWith('Pipelines');
    if (isPipeline) {
      const id = method === 'POST' ? (answer.body as { id: string }).id : 'limits';
      const { body } = await service.get(`${PIPELINES}/${id}`);
      const seen = field.split('.').reduce<unknown>((object, key) => (object as Record<string, unknown>)[key], body);
      expect({ [field]: seen }).toEqual({ [field]: value });
      if (method === 'POST') {
        await service.sendInternally({ method: 'DELETE', path: `${PIPELINES}/${id}?force=true` });
      }
    }
  }

  it.each(cases)('keeps to its limit: %s %s %s', async (_operationId, field, _what, route, boundary) => {
    const answer = await send(route, withValue(route.valid, field.split('.'), boundary.value));
    if (boundary.isAllowed) {
      await expectKept(answer, route, boundary);
    } else {
      expectRefusal(answer, boundary);
    }
  });

  it('has limits in the document at all, so that the cases above are some', () => {
    const fields = new Set(cases.map(([, field]) => field));
    expect(fields.size).toBeGreaterThan(25);
    expect(cases.filter(([, , , , { isAllowed }]) => isAllowed).length).toBeGreaterThan(50);
  });
});

describe('a tag', () => {
  const forbidden = Array.from('/:?\\"<>|：？‘’“”！《》,#[]{}%&*$^!=.\'');
  let service: ContractService;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
    await service.create({ id: 'tagged', name, ...inData });
  });
  afterAll(() => service.stop());

  const tagged = (tags: string[]) =>
    service.send({ method: 'PUT', path: `${PIPELINES}/tagged`, body: { name, ...inData, tags } });
  const tags = async () => ((await service.get(`${PIPELINES}/tagged`)).body as { tags: string[] }).tags;

  it.each([...forbidden, '\0', '\n', '\u007f', '\u0085'])('is refused with the character %j', async (character) => {
    const answer = await tagged(['fine', `a${character}b`]);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error_code: 'StreamDataPipeline.InvalidParameter.Tag',
        error_details: { faults: [{ field: 'tags', fault: `has the character ${JSON.stringify(character)}` }] },
      },
    });
  });

  it('may have every other character that can be typed', async () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter(
      (character) => !forbidden.includes(character),
    );
    const [half, other] = [ascii.slice(0, 38).join(''), ascii.slice(38).join('')].map((text) => `x${text}x`);
    const wanted = [half ?? '', other ?? '', '管道－日志', 'e\u0301😀', 'ß (ö)'];
    expect((await tagged(wanted)).status).toBe(204);
    expect(await tags()).toEqual(wanted);
  });

  it('is trimmed, and neither empty ones nor repetitions are kept or counted', async () => {
    expect((await tagged([' a', 'a ', '', '\u3000', 'b', 'c', 'd', 'e'])).status).toBe(204);
    expect(await tags()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('has its forbidden characters in the document', () => {
    const { description = '', items = {} } = document.schemas['CreatePipelineDto']?.properties?.['tags'] ?? {};
    expect(description).toContain(`none of ${forbidden.join(' ')}`);
    const pattern = new RegExp(items.pattern ?? '');
    expect(forbidden.filter((character) => pattern.test(`a${character}b`))).toEqual([]);
    expect(pattern.test('a-b_c (d) 管')).toBe(true);
  });
});
