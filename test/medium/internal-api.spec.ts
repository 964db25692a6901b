import type { RequestListener } from 'node:http';
import { HttpAdapterHost } from '@nestjs/core';
import { HttpListeners } from '../../src/app/http-listeners.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import type { Listener } from '../../src/platform/http/listener.js';
import { rawGet, sendRaw } from '../support/raw-http.js';
import { isolated, MgmtFixture } from './mgmt-fixture.js';
import { TokenIssuer } from './token-issuer.js';

const ACCOUNT = { 'x-account-id': 'billing', 'x-account-type': 'app' };
const ACCOUNT_LINES = ['x-account-id: billing', 'x-account-type: app'];
const IN = INTERNAL_BASE;
const OUT = PUBLIC_BASE;
const BELOW = '/api/flow-stream-data-pipeline';

type Urls = Record<Listener, string>;

/** The listeners of the program in front of a fixture. */
async function listen(listeners: HttpListeners): Promise<Urls> {
  const open = (listener: Listener) =>
    listeners.open({ listener, port: 0, host: '127.0.0.1', settings: { port: '', host: '' } });
  return { public: await open('public'), internal: await open('internal') };
}

function listenersOf(mgmt: MgmtFixture): HttpListeners {
  return new HttpListeners(mgmt.get(HttpAdapterHost).httpAdapter.getInstance<RequestListener>());
}

async function call(method: string, url: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...ACCOUNT, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const told: Told = text ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, body: told };
}

interface Told {
  error_code: string;
  error_details: { reason: string };
  creator: { id: string; type: string };
}

describe('the port for other services, where callers of the public one need a token', () => {
  let issuer: TokenIssuer;
  let mgmt: MgmtFixture;
  let listeners: HttpListeners;
  let at: Urls;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    mgmt = await MgmtFixture.start({ ...isolated(), ...issuer.settings });
    listeners = listenersOf(mgmt);
    at = await listen(listeners);
  });
  afterAll(async () => {
    await listeners.close(1000);
    await mgmt.stop();
    await issuer.stop();
  });

  it('believes who a service says it acts for', async () => {
    const { status } = await call('POST', `${at.internal}${IN}/pipelines`, {
      ...{ id: 'inner', name: 'Inner', use_index_base_in_data: true },
    });
    expect(status).toBe(201);
    const { body } = await call('GET', `${at.internal}${IN}/pipelines/inner`);
    expect(body.creator).toEqual({ id: 'billing', type: 'app', name: 'billing' });
  });

  it.each<[what: string, lines: string[], reason: RegExp]>([
    ['nothing', [], /x-account-id is missing/],
    ['no type', ['x-account-id: a'], /x-account-type is missing/],
    ['an empty id', ['x-account-id:  ', 'x-account-type: app'], /x-account-id is missing/],
    ['too long an id', [`x-account-id: ${'a'.repeat(41)}`, 'x-account-type: app'], /has 41 characters.*1 to 40/],
    ['too long a type', ['x-account-id: a', `x-account-type: ${'a'.repeat(21)}`], /has 21 characters.*1 to 20/],
    ['two ids', ['x-account-id: a', 'X-Account-Id: root', 'x-account-type: app'], /is there 2 times/],
    ['two types', ['x-account-id: a', 'x-account-type: app', 'x-account-type: user'], /is there 2 times/],
    ['bytes beyond ASCII', ['x-account-id: \xe4', 'x-account-type: app'], /other characters/],
    ['a tab in it', ['x-account-id: a\tb', 'x-account-type: app'], /other characters/],
    ['a role as its type', ['x-account-id: operators', 'x-account-type: Role'], /not role/],
    ['a token alone', ['Authorization: Bearer x'], /x-account-id is missing/],
  ])('refuses %s, and says why', async (_what, lines, reason) => {
    const { status, text } = await sendRaw(at.internal, rawGet(`${IN}/pipelines`, lines));
    expect([status, text]).toEqual([401, expect.stringMatching(reason)]);
    expect(text).toContain('StreamDataPipeline.Unauthorized');
  });

  it.each<[target: string, onPublic: number, onInternal: number]>([
    [`${OUT}/pipelines`, 401, 404],
    [`${IN}/pipelines`, 404, 200],
    [`${IN}/pipelines/`, 404, 200],
    [`${IN}/pipelines?limit=1`, 404, 200],
    [`${OUT.toUpperCase()}/PIPELINES`, 401, 404],
    [`${IN.toUpperCase()}/PIPELINES`, 404, 200],
    [`${BELOW}/In/V1/Pipelines`, 404, 200],
    [`${BELOW}/v1/debug`, 401, 404],
    [`${BELOW}/in/v1/debug`, 404, 200],
    ['/docs/openapi.json', 200, 404],
    ['/DOCS/openapi.json', 200, 404],
    ['/docs/errors', 200, 404],
    ['/health/live', 200, 200],
    // What a proxy may write instead of a path.
    [`http://127.0.0.1:13013${IN}/pipelines`, 404, 200],
    [`HTTP://INTERNAL${IN}/pipelines`, 404, 200],
    [`http://x${OUT}/pipelines`, 401, 404],
    // What some servers take for another path, and this one for none.
    [`/${IN}/pipelines`, 404, 404],
    [`/${OUT}/pipelines`, 404, 404],
    [`//internal${IN}/pipelines`, 404, 404],
    [`${BELOW}//in/v1/pipelines`, 404, 404],
    [`${OUT}/../in/v1/pipelines`, 404, 404],
    [`${OUT}/%2e%2e/in/v1/pipelines`, 404, 404],
    [`${OUT}/..%2fin/v1/pipelines`, 404, 404],
    [`${OUT}/..;/in/v1/pipelines`, 404, 404],
    [`${IN}/../../v1/pipelines`, 404, 404],
    [`${BELOW}/in%2fv1/pipelines`, 404, 404],
    [`${BELOW}/%69n/v1/pipelines`, 404, 404],
    [`${BELOW}/./in/v1/pipelines`, 404, 404],
    [`${BELOW}/in/v1%00/pipelines`, 404, 404],
    [`${BELOW}\\in\\v1\\pipelines`, 404, 404],
    [`/docs/..${IN}/pipelines`, 404, 404],
    [`/health/..${IN}/pipelines`, 404, 404],
    [`${OUT}/pipelines/..%2f..%2fin%2fv1%2fpipelines`, 401, 404],
    ['*', 404, 404],
  ])('serves %s with %i on the public port and %i on its own', async (target, onPublic, onInternal) => {
    const statusAt = async (url: string) => (await sendRaw(url, rawGet(target, ACCOUNT_LINES))).status;
    expect([await statusAt(at.public), await statusAt(at.internal)]).toEqual([onPublic, onInternal]);
  });

  it.each<[what: string, lines: string[], status: number]>([
    ['two lengths', ['Content-Length: 0', 'Content-Length: 5'], 400],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked'], 400],
    ['chunks by another name', ['Transfer-Encoding: xchunked'], 415],
    ['a folded header', ['x-account-id: a', ' b'], 400],
    ['a blank before the colon', ['x-account-id : a'], 400],
    ['a bare line feed', ['x-a: b\nx-account-id: root'], 400],
  ])('takes no request with %s, and so none that is hidden behind it', async (_what, lines, refusal) => {
    const hidden = rawGet(`${IN}/pipelines`, ACCOUNT_LINES);
    for (const url of [at.public, at.internal]) {
      const head = [`GET /health/live HTTP/1.1`, 'Host: test', ...lines, '', ''].join('\r\n');
      const { status, text } = await sendRaw(url, head + hidden);
      expect([status, text.match(/HTTP\/1\.1/g)]).toEqual([refusal, ['HTTP/1.1']]);
    }
  });

  it('has the limits, headers and errors of the public one', async () => {
    const token = { authorization: `Bearer ${await issuer.token('alice')}` };
    const bases: Urls = { public: `${at.public}${OUT}`, internal: `${at.internal}${IN}` };
    const both = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
      Promise.all(
        [bases.public, bases.internal].map(async (base) => {
          const answer = await call(method, base + path, body, { ...token, 'x-request-id': 'same', ...headers });
          const names = [...answer.headers.keys()].filter((name) => !['date', 'etag', 'location'].includes(name));
          return { ...answer, headers: names, language: answer.headers.get('content-language') };
        }),
      );
    for (const [method, path, body, headers, status] of [
      ['GET', '/pipelines', undefined, {}, 200],
      ['GET', '/pipelines?nope=1', undefined, {}, 400],
      ['GET', '/pipelines/nothing', undefined, { 'accept-language': 'zh-CN' }, 404],
      ['GET', '/nothing', undefined, {}, 404],
      ['POST', '/pipelines', { name: 'x'.repeat(2 * 1024 * 1024) }, {}, 413],
      ['POST', '/pipelines', { name: 'x' }, { 'content-type': 'text/plain' }, 415],
      ['POST', '/pipelines', { name: 1 }, {}, 400],
    ] as const) {
      const [onPublic, onInternal] = await both(method, path, body, headers);
      expect(onPublic?.status).toBe(status);
      expect(onInternal).toEqual(onPublic);
      expect(onInternal?.headers).toEqual(expect.arrayContaining(['x-request-id', 'x-content-type-options']));
    }
  });
});

describe('the public port, where nobody needs a token', () => {
  let mgmt: MgmtFixture;
  let listeners: HttpListeners;
  let at: Urls;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    listeners = listenersOf(mgmt);
    at = await listen(listeners);
  });
  afterAll(async () => {
    await listeners.close(1000);
    await mgmt.stop();
  });

  const create = (url: string, id: string, more: object = {}) =>
    call('POST', url, { id, name: id, use_index_base_in_data: true, ...more });

  it('knows the administrator alone, whatever headers say', async () => {
    await create(`${at.public}${OUT}/pipelines`, 'mine');
    const { body } = await call('GET', `${at.public}${OUT}/pipelines/mine`);
    expect(body.creator).toEqual({ id: 'admin', type: 'user', name: 'admin' });
    const { text } = await sendRaw(at.public, rawGet(`${OUT}/pipelines/mine`, ['x-account-id: a', 'x-account-id: b']));
    expect(text).toContain('"creator":{"id":"admin"');
  });

  it('leaves what only services may do to the other one', async () => {
    await create(`${at.internal}${IN}/pipelines`, 'part', { builtin: true });
    const report = 'pipelines/part/attrs/status,status_details?is_inner_request=true';
    const said = { status: 'error', status_details: 'broken' };
    expect(await call('PUT', `${at.public}${OUT}/${report}`, said)).toMatchObject({
      ...{ status: 403, body: { error_code: 'StreamDataPipeline.Forbidden' } },
    });
    expect((await call('DELETE', `${at.public}${OUT}/pipelines/part?force=true`)).status).toBe(403);
    expect((await call('PUT', `${at.internal}${IN}/${report}`, said)).status).toBe(204);
    expect((await call('DELETE', `${at.internal}${IN}/pipelines/part?force=true`)).status).toBe(204);
  });
});
