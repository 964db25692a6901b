import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ContractService } from './contract/contract-service.js';
import { PIPELINES, POLICIES } from './contract/provocation.js';
import { type RawAnswer, rawExchange } from './contract/raw-exchange.js';
import { until } from './kafka-fixture.js';
import { isolated } from './mgmt-fixture.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MIB = 1024 * 1024;
const CODE = 'StreamDataPipeline.';
const inData = '"use_index_base_in_data":true';
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
/** Half of a surrogate pair, as JSON can write it. */
const HALF = '\\ud83d';

/** Bytes in buffers that somebody still holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

interface ErrorBody {
  error_code: string;
  error_details: { faults?: { field: string; fault: string }[] };
}

describe('a request that nobody should send', () => {
  let service: ContractService;

  beforeAll(async () => {
    service = await ContractService.start(isolated());
    await service.create({ id: 'there', name: 'There', use_index_base_in_data: true });
  });
  afterEach(async () => {
    expect((await service.get(`${PIPELINES}/there`)).status).toBe(200);
    expect(service.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
  afterAll(() => service.stop());

  const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}, path = PIPELINES) =>
    service.send({ method: 'POST', path, headers, body });

  it.each<[what: string, body: string | Buffer, code: string, field: string, fault?: string | RegExp]>([
    ['ends too early', '{"name":', 'InvalidParameter.RequestBody', '', 'is not JSON'],
    ['has a comma too many', '{"name":"x",}', 'InvalidParameter.RequestBody', '', /^is not JSON at position 12/],
    ['is NaN', 'NaN', 'InvalidParameter.RequestBody', '', 'is not JSON'],
    ['is two objects', '{}{}', 'InvalidParameter.RequestBody', '', /^is not JSON/],
    ['begins with a byte order mark', '\ufeff{}', 'InvalidParameter.RequestBody', '', /^is not JSON/],
    ['has a NUL outside of texts', '{"name":"x"}\0', 'InvalidParameter.RequestBody', '', /^is not JSON/],
    ['is a list', '[{"name":"x"}]', 'InvalidParameter.RequestBody', '', 'must be a JSON object'],
    ['is a number', '7', 'InvalidParameter.RequestBody', '', 'must be a JSON object'],
    ['is null', 'null', 'InvalidParameter.RequestBody', '', 'must be a JSON object'],
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'InvalidParameter.RequestBody', '', 'is not UTF-8'],
    ['is UTF-16', Buffer.from('{"name":"x"}', 'utf16le'), 'InvalidParameter.RequestBody', '', /^is not JSON/],
    ['has overlong UTF-8', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'InvalidParameter.RequestBody', '', 'is not UTF-8'],
    ['is 100,000 lists deep', nested(100_000), 'InvalidParameter.RequestBody', '', 'must be a JSON object'],
    ['has 100,000 levels in a field', `{"settings":${nested(100_000)}}`, 'InvalidParameter.RequestBody', ''],
    ['has 100,000 levels in tags', `{"tags":${nested(100_000)}}`, 'InvalidParameter.RequestBody', ''],
    ['has __proto__', `{"__proto__":{"x":1},"name":"x",${inData}}`, 'InvalidParameter.RequestBody', '__proto__'],
    ['has constructor', `{"constructor":{},"name":"x",${inData}}`, 'InvalidParameter.RequestBody', 'constructor'],
    [
      'has __proto__ inside an object',
      `{"name":"x",${inData},"deployment_config":{"__proto__":{"cpu_limit":99}}}`,
      'InvalidParameter.DeploymentConfig',
      'deployment_config.__proto__',
    ],
    ['has a name twice, the last one empty', `{"name":"x","name":"",${inData}}`, 'NullParameter.PipelineName', 'name'],
    [
      'has 1e400',
      `{"name":"x",${inData},"settings":{"flush_items":1e400}}`,
      'InvalidParameter.Settings',
      'settings.flush_items',
    ],
    [
      'has a number of 400 digits',
      `{"name":"x",${inData},"settings":{"flush_items":${'9'.repeat(400)}}}`,
      'InvalidParameter.Settings',
      'settings.flush_items',
    ],
    [
      'has 2^53',
      `{"name":"x",${inData},"deployment_config":{"cpu_limit":9007199254740992}}`,
      'InvalidParameter.DeploymentConfig',
      'deployment_config.cpu_limit',
    ],
    [
      'has -0 cores',
      `{"name":"x",${inData},"deployment_config":{"cpu_limit":-0}}`,
      'OutOfRange.CpuLimit',
      'deployment_config.cpu_limit',
    ],
    ['has half a character in the name', `{"name":"${HALF}",${inData}}`, 'InvalidParameter.PipelineName', 'name'],
    [
      'has half a character in a comment',
      `{"name":"x",${inData},"comment":"${HALF}x"}`,
      'InvalidParameter.Comment',
      'comment',
    ],
    ['has half a character in a tag', `{"name":"x",${inData},"tags":["${HALF}"]}`, 'InvalidParameter.Tag', 'tags'],
    [
      'has half a character in a field that is not known',
      `{"name":"x",${inData},"${HALF}":1}`,
      'InvalidParameter.RequestBody',
      '\ufffd',
    ],
    [
      'has fifty thousand fields',
      `{${Array.from({ length: 50_000 }, (_, at) => `"f${at}":1`).join()}}`,
      'InvalidParameter.RequestBody',
      '',
    ],
    [
      'has two hundred thousand tags',
      `{"tags":[${Array.from({ length: 200_000 }, (_, at) => `"${at % 10}"`).join()}]}`,
      'InvalidParameter.RequestBody',
      '',
    ],
  ])('is refused when its body %s', async (_what, body, code, field, fault = /./) => {
    const answer = await post(body);
    const { error_code: told, error_details: details } = answer.body as ErrorBody;
    expect({ status: answer.status, told }).toEqual({ status: 400, told: CODE + code });
    expect(details.faults?.[0]).toMatchObject({ field, fault: expect.stringMatching(fault) });
  });

  it.each<[status: number, headers: Record<string, string>]>([
    [415, { 'content-type': 'text/plain' }],
    [415, { 'content-type': '' }],
    [415, { 'content-type': 'application/jsonx' }],
    [415, { 'content-type': 'text/html, application/json' }],
    [415, { 'content-type': 'application/json; charset=latin1' }],
    [415, { 'content-type': 'application/json; charset=utf-16' }],
    [415, { 'content-type': 'multipart/form-data; boundary=x' }],
    [415, { 'content-encoding': 'gzip' }],
    [415, { 'content-encoding': 'br' }],
    [400, { 'content-type': 'application/json; charset=utf-8' }],
    [400, { 'content-type': 'application/json; charset="UTF-8"' }],
    [400, { 'content-type': 'application/merge-patch+json;' }],
    [400, { 'content-encoding': 'identity' }],
  ])('is told %i when its headers are %j', async (status, headers) => {
    const answer = await post('{}', { 'content-type': 'application/json', ...headers });
    const code = status === 415 ? 'UnSupported.ContentType' : 'NullParameter.PipelineName';
    expect(answer).toMatchObject({ status, body: { error_code: CODE + code } });
  });

  it.each([
    [
      'PUT',
      `${PIPELINES}/there/attrs/status_details`,
      `{"status_details":"${HALF}"}`,
      'InvalidParameter.StatusDetails',
    ],
    [
      'POST',
      POLICIES,
      `{"accessor":{"type":"user","id":"${HALF}"},"resource":"*","operations":["operate"]}`,
      'InvalidParameter.Accessor',
    ],
    ['PUT', '/debug/log-level', nested(100_000), 'InvalidParameter.RequestBody'],
    ['GET', PIPELINES, '{"name":', 'InvalidParameter.RequestBody'],
    ['DELETE', `${PIPELINES}/there`, '[', 'InvalidParameter.RequestBody'],
  ])('is refused on every route: %s %s', async (method, path, body, code) => {
    const answer = await service.send({ method, path, body });
    expect([answer.status < 500, (answer.body as ErrorBody).error_code]).toEqual([true, CODE + code]);
  });

  it('has its NUL characters kept where a text may have any', async () => {
    const name = 'a\0b\u0007';
    await service.create({ id: 'nul', name, comment: '\0', use_index_base_in_data: true });
    expect((await service.get(`${PIPELINES}/nul`)).body).toMatchObject({ name, comment: '\0' });
    expect((await service.get(`${PIPELINES}?name_pattern=%00b`)).body).toMatchObject({ total_count: 1 });
    expect((await service.get(`${PIPELINES}/%00`)).status).toBe(404);
  });

  it.each([
    ['%ff', 400, 'InvalidParameter.Path'],
    ['%', 400, 'InvalidParameter.Path'],
    ['%zz', 400, 'InvalidParameter.Path'],
    ['%ed%a0%80', 400, 'InvalidParameter.Path'],
    ['%2e%2e%2f', 404, 'NotFound.Pipeline'],
    ["x'%20OR%201=1", 404, 'NotFound.Pipeline'],
    ['x'.repeat(8000), 404, 'NotFound.Pipeline'],
    ['%f0%9f%98%80', 404, 'NotFound.Pipeline'],
  ])('is refused for the id %s', async (id, status, code) => {
    expect(await service.get(`${PIPELINES}/${id}`)).toMatchObject({ status, body: { error_code: CODE + code } });
  });

  it.each([
    'name_pattern=%',
    'name_pattern=%ff',
    'tag=%ed%a0%80',
    '%ff=1',
    '=',
    '&&',
    'limit',
    '?',
    `${'a&'.repeat(3000)}`,
  ])('is served or refused for the query %s', async (query) => {
    expect([200, 400]).toContain((await service.get(`${PIPELINES}?${query}`)).status);
  });

  const head = (...lines: string[]) =>
    [`POST ${PIPELINES} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...lines, '', ''].join('\r\n');
  const errorOf = ({ text }: RawAnswer) => JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as ErrorBody;

  it('of 10 MB is refused by its head alone, and the connection is closed', async () => {
    const answer = await rawExchange(service.port(), head(`Content-Length: ${10 * MIB}`));
    expect(answer.status).toBe(413);
    expect(answer.text).toMatch(/\r\nConnection: close\r\n/i);
    expect(errorOf(answer)).toMatchObject({
      error_code: `${CODE}LengthExceeded.RequestBody`,
      error_details: { faults: [{ fault: `has ${10 * MIB} bytes`, limit: `at most ${MIB} bytes` }] },
    });
  });

  it('of 10 MB is told so also when it is sent all the same, by clients that read when they have written', async () => {
    const body = Buffer.alloc(10 * MIB, 0x20);
    for (let time = 0; time < 5; time += 1) {
      const url = `http://127.0.0.1:${service.port()}${PIPELINES}`;
      const headers = { 'content-type': 'application/json' };
      expect((await post(body)).status).toBe(413);
      expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(413);
    }
  });

  it('of another type is refused by its head alone, however much would come', async () => {
    const wrong = head('Content-Length: 10000').replace('application/json', 'text/plain');
    expect((await rawExchange(service.port(), wrong)).status).toBe(415);
  });

  const block = Buffer.alloc(64 * 1024, 0x20);
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]);
  function* endless(): Generator<Buffer> {
    for (;;) yield chunk;
  }

  it('without an end is refused as soon as it is too large, and the connection is closed', async () => {
    const answer = await rawExchange(service.port(), head('Transfer-Encoding: chunked'), endless());
    expect(answer.status).toBe(413);
    expect(errorOf(answer)).toMatchObject({ error_details: { faults: [{ fault: `has more than ${MIB} bytes` }] } });
  });

  it('does not stay in memory, also when many come at once', async () => {
    const before = heldBytes();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => rawExchange(service.port(), head('Transfer-Encoding: chunked'), endless())),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    await until('the memory of 50 bodies is free', () => heldBytes() - before < 5 * MIB);
  });

  it.each([
    [
      'is longer than a head may be',
      `GET ${PIPELINES}?name_pattern=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
    ],
    ['has too many headers', `GET ${PIPELINES} HTTP/1.1\r\nHost: x\r\n${'x: y\r\n'.repeat(5000)}\r\n`, 431],
    ['has no HTTP in it', 'hello\r\n\r\n', 400],
    ['has a length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked'), 400],
    ['has a length that is no number', head('Content-Length: ten'), 400],
    ['has a chunk that is no chunk', `${head('Transfer-Encoding: chunked')}zz\r\n`, 400],
  ])('that %s is refused, and the connection is closed', async (_what, bytes, status) => {
    expect((await rawExchange(service.port(), bytes)).status).toBe(status);
  });
});
