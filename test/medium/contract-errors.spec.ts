import { errorCodes, errorRegistry, wireCode } from '../../src/mgmt/errors/error-registry.js';
import { ApiDocument } from '../support/openapi/document.js';
import { SchemaCheck } from '../support/openapi/schema-check.js';
import type { HttpAnswer, HttpRequest } from './contract/http-exchange.js';
import { internalError, serviceUnavailable } from './contract/dependencies.js';
import { invalidParameter } from './contract/invalid-parameter.js';
import { countExceeded, lengthExceeded, nullParameter, outOfRange, unSupported } from './contract/limits.js';
import type { Provocation, ToldFault } from './contract/provocation.js';
import { Services } from './contract/services.js';
import { access, conflict, duplicated, notFound } from './contract/states.js';

// A new code gets a line in the table of its class: contract/*.ts.
const provocations: readonly Provocation[] = [
  ...invalidParameter,
  ...nullParameter,
  ...lengthExceeded,
  ...countExceeded,
  ...outOfRange,
  ...unSupported,
  ...duplicated,
  ...notFound,
  ...conflict,
  ...access,
  ...internalError,
  ...serviceUnavailable,
];

const document = ApiDocument.committed();
const check = new SchemaCheck(document);
const services = new Services();

interface ErrorBody {
  error_code: string;
  description: string;
  solution: string;
  error_link: string;
  error_details: { request_id: string; faults?: Record<string, string>[]; reason?: string };
}

const matching = (wanted: string | RegExp): unknown =>
  typeof wanted === 'string' ? wanted : expect.stringMatching(wanted);

function detailsOf({ code, faults, reason, details }: Provocation, requestId: string): object {
  const told = ({ field, fault, limit, more }: ToldFault) => ({
    ...more,
    ...{ field, fault: matching(fault), error_code: wireCode(code) },
    ...(limit !== undefined && { limit: matching(limit) }),
  });
  return {
    request_id: requestId,
    ...details,
    ...(faults && { faults: faults.map(told) }),
    ...(reason !== undefined && { reason: matching(reason) }),
  };
}

/** Sends it twice: as it is, and asking for Chinese by one of the two headers. */
async function provoke(provocation: Provocation, at: number) {
  const service = await services.get(provocation.at ?? 'plain');
  const given = typeof provocation.request === 'function' ? provocation.request(service) : provocation.request;
  const send = (headers: Readonly<Record<string, string>>) => {
    const request = { ...given, headers: { ...given.headers, ...headers } };
    return provocation.isInternal ? service.sendInternally(request) : service.send(request);
  };
  const answer = await send({ 'x-request-id': `mine-${at}` });
  const chinese = await send(at % 2 === 0 ? { 'accept-language': 'zh-CN, en;q=0.5' } : { 'x-language': 'zh-CN' });
  return { request: given, answer, chinese };
}

/** What the API document says of such an answer; undefined where no route has taken the request. */
function documented({ method, path }: HttpRequest, status: number): string | undefined {
  const route = document.find(method.toLowerCase(), path);
  return route && (route.responses[status]?.description ?? 'not documented');
}

/** What tells a caller how to go on. */
function expectHeaders({ status, headers }: HttpAnswer): void {
  expect(headers['retry-after'] !== undefined).toBe(status === 503 || status === 429);
  expect(Number(headers['retry-after'] ?? 1)).toBeGreaterThan(0);
  expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
}

afterAll(() => services.stop());

describe('a caller', () => {
  it.each(provocations.map((provocation, at) => [provocation.code, provocation.when, provocation, at] as const))(
    'is told %s when %s',
    async (code, _when, provocation, at) => {
      const { 'en-US': english, 'zh-CN': chinese, ...entry } = errorRegistry[code];
      const status = provocation.status ?? entry.status;

      const { request, answer, chinese: other } = await provoke(provocation, at);

      expect(answer.body).toEqual({
        ...{ error_code: wireCode(code), ...english },
        error_link: `/docs/errors#${wireCode(code)}`,
        error_details: detailsOf(provocation, `mine-${at}`),
      });
      expect(answer).toMatchObject({ status, headers: { 'x-request-id': `mine-${at}`, 'content-language': 'en-US' } });
      expect(check.faults(document.schemas['ErrorDto'] ?? {}, answer.body)).toEqual([]);
      expect(documented(request, status) ?? wireCode(code)).toContain(`${wireCode(code)}`);
      expectHeaders(answer);

      const told = other.body as ErrorBody;
      expect(told).toMatchObject({ error_code: wireCode(code), ...chinese });
      expect(other).toMatchObject({ status, headers: { 'content-language': 'zh-CN' } });
      expect(told.error_details.request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      expect(other.headers['x-request-id']).toBe(told.error_details.request_id);
    },
  );

  it('has a way to every code of the registry', () => {
    const provoked = new Set(provocations.map(({ code }) => code));
    expect([...provoked].toSorted()).toEqual([...errorCodes].toSorted());
  });
});
