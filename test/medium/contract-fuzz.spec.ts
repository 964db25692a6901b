import fc from 'fast-check';
import { requestsOf } from '../support/openapi/arbitraries.js';
import { ApiDocument, type Route } from '../support/openapi/document.js';
import { SchemaCheck } from '../support/openapi/schema-check.js';
import { ContractService } from './contract/contract-service.js';
import type { HttpAnswer } from './contract/http-exchange.js';
import { isolated, makeTopic } from './mgmt-fixture.js';

/** A failure tells it too; SDP_TEST_SEED repeats a run. */
const seed = Number(process.env.SDP_TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const RUNS = 120;

const document = ApiDocument.committed();
const check = new SchemaCheck(document);

/** There are no index bases here. */
function withoutBase(body: object): object {
  return 'index_base' in body ? { ...body, index_base: undefined, use_index_base_in_data: true } : body;
}

interface ErrorBody {
  error_code?: string;
}

describe(`random requests, made from the API document with seed ${seed}`, () => {
  let service: ContractService;
  let changes = 0;

  beforeAll(async () => {
    // What they create is bounded, and makes nothing in OpenSearch.
    service = await ContractService.start({
      ...isolated(),
      SDP_SERVER_MAXPIPELINES: '3',
      SDP_INDEXBASE_AUTOCREATE: 'false',
    });
    const topic = `${service.tenant}.own`;
    await makeTopic(topic);
    for (const id of ['web-access-log', 'second']) {
      await service.create({ id, name: id, use_index_base_in_data: true, input_topic: topic });
    }
  });
  afterAll(() => service.stop());

  /** A status that the document knows for the route, with a code and a body as it says; never a fault of the service. */
  function expectDocumented(route: Route, { status, body }: HttpAnswer): void {
    const described = route.responses[status];
    expect({ status, isDocumented: described !== undefined, isServed: status < 500 }).toEqual({
      ...{ status, isDocumented: true, isServed: true },
    });
    const [media] = Object.values(described?.content ?? {});
    if (media?.schema && typeof body === 'object') {
      expect(check.faults(media.schema, body)).toEqual([]);
    }
    const { error_code: code } = (typeof body === 'object' ? body : {}) as ErrorBody;
    expect(described?.description ?? '').toContain(code ?? '');
  }

  it.each(document.routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'are answered as documented: %s',
    async (_name, route) => {
      // A delete would take away what the others are about.
      const ids = route.method === 'delete' ? ['nobody'] : ['web-access-log', 'second', 'nobody'];
      const media = route.requestBody?.content['application/json'] ?? {};
      const bodies = document.examples(media).map(({ value }) => withoutBase(value as object));
      await fc.assert(
        fc.asyncProperty(requestsOf(document, route, { ids, bodies }), async ({ path, headers, body }) => {
          const answer = await service.send({
            ...{ method: route.method.toUpperCase(), path },
            headers: {
              ...headers,
              // Else a long poll waits for a change.
              ...(path.includes('is_listen') && { 'if-none-match': '"0-other"' }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          });
          changes += route.method === 'put' && answer.status < 300 ? 1 : 0;
          expectDocumented(route, answer);
        }),
        { seed, numRuns: RUNS },
      );
    },
  );

  it('change something now and then, so that not only refusals are looked at', () => {
    expect(changes).toBeGreaterThan(10);
  });
});
