import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { until } from './kafka-fixture.js';
import { closedPort, INTERNAL_PIPELINES, isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';
import { AUDIENCE, ISSUER, TokenIssuer } from './token-issuer.js';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('callers with signed tokens', () => {
  let issuer: TokenIssuer;
  let mgmt: MgmtFixture;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    mgmt = await MgmtFixture.start({ ...isolated(), ...issuer.settings });
  });
  afterAll(async () => {
    await mgmt.stop();
    await issuer.stop();
  });

  const list = (token: string | undefined) => {
    const request = mgmt.public().get(PIPELINES);
    return token === undefined ? request : request.set('Authorization', `Bearer ${token}`);
  };
  const inSec = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

  it.each(['RS256', 'ES256'] as const)('are let in, signed with %s', async (algorithm) => {
    await list(await issuer.token('alice', {}, algorithm)).expect(200);
  });

  it('are the account that the claims name', async () => {
    const token = await issuer.token('alice', { account_type: 'app', name: 'Alice', roles: ['operator'] });
    const created = await mgmt
      .public()
      .post(PIPELINES)
      .set('Authorization', `Bearer ${token}`)
      .send({ id: 'mine', name: 'Mine', use_index_base_in_data: true })
      .expect(201);
    expect(created.body).toEqual({ id: 'mine' });
    const { body } = await mgmt.public().get(`${PIPELINES}/mine`).set('Authorization', `Bearer ${token}`).expect(200);
    expect(body.creator).toEqual({ id: 'alice', type: 'app', name: 'Alice' });
  });

  it.each<[what: string, token: () => Promise<string | undefined>, reason: RegExp]>([
    ['no token', () => Promise.resolve(undefined), /Authorization: Bearer <token> is missing/],
    ['something else', () => Promise.resolve('abc'), /not a signed JWT/],
    ['an expired one', () => issuer.token('a', { exp: inSec(-60) }), /expired/],
    ['one without an end', () => issuer.token('a', { exp: undefined }), /claim exp/],
    ['one that is not valid yet', () => issuer.token('a', { nbf: inSec(60) }), /not valid yet/],
    ['one of another issuer', () => issuer.token('a', { iss: 'https://other.test' }), /claim iss/],
    ['one for another audience', () => issuer.token('a', { aud: 'other' }), /claim aud/],
    ['one without an account', () => issuer.token(''), /claim sub/],
    ['one with too long an account', () => issuer.token('x'.repeat(41)), /claim sub/],
    [
      'one without a signature',
      () => {
        const claims = base64({ iss: ISSUER, aud: AUDIENCE, exp: inSec(60), sub: 'admin' });
        return Promise.resolve(`${base64({ alg: 'none' })}.${claims}.`);
      },
      /not a signed JWT|does not allow|not supported/,
    ],
    [
      'one signed with a shared secret',
      () =>
        new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: inSec(60), sub: 'admin' })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode('a secret of at least thirty-two bytes')),
      /does not allow/,
    ],
    [
      'one signed with a key of somebody else',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        const header = JSON.parse(Buffer.from((await issuer.token('a')).split('.')[0] ?? '', 'base64url').toString());
        return new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: inSec(60), sub: 'admin' })
          .setProtectedHeader(header)
          .sign(privateKey);
      },
      /signature of the token does not fit/,
    ],
  ])('are refused with %s', async (_what, token, reason) => {
    const { body, headers } = await list(await token()).expect(401);
    expect(body.error_code).toBe('StreamDataPipeline.Unauthorized');
    expect(body.error_details.reason).toMatch(reason);
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('are let in with the new key of an issuer that has changed it, and not with the old one for ever', async () => {
    await list(await issuer.token('alice')).expect(200);
    await issuer.rotate('RS256');
    const token = await issuer.token('alice');
    await until('the new key is asked for', async () => (await list(token)).status === 200);
  });

  it('cannot say who they are by headers of the internal port', async () => {
    const headers = { 'x-account-id': 'root', 'x-account-type': 'user' };
    await mgmt.public().get(PIPELINES).set(headers).expect(401);
    await mgmt.internal().get(INTERNAL_PIPELINES).set(headers).expect(200);
    await mgmt.internal().get(INTERNAL_PIPELINES).expect(401);
    await mgmt.public().get(INTERNAL_PIPELINES).set(headers).expect(404);
  });
});

describe('while the key set cannot be read', () => {
  it('nobody can tell, and nobody is let in', async () => {
    const issuer = await TokenIssuer.start();
    const token = await issuer.token('alice');
    const { settings } = issuer;
    await issuer.stop();
    const mgmt = await MgmtFixture.start({ ...isolated(), ...settings });
    const { body, headers } = await mgmt.public().get(PIPELINES).set('Authorization', `Bearer ${token}`).expect(503);
    await mgmt.stop();
    expect(body.error_code).toBe('StreamDataPipeline.ServiceUnavailable.Authentication');
    expect(headers['retry-after']).toBe('5');
  });
});

describe('callers whose tokens the authorization server knows', () => {
  let server: Server;
  let mgmt: MgmtFixture;
  const answers = new Map<string, object | string>();
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('token') ?? '';
        asked.push(`${request.headers.authorization} ${token}`);
        const answer = answers.get(token) ?? { active: false };
        response.statusCode = answer === 'broken' ? 500 : 200;
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    mgmt = await MgmtFixture.start({
      ...isolated(),
      SDP_AUTH_MODE: 'introspection',
      SDP_AUTH_INTROSPECTION_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
      SDP_AUTH_INTROSPECTION_CLIENTID: 'sdp',
      SDP_AUTH_INTROSPECTION_CLIENTSECRET: 's:cret',
    });
  });
  afterAll(async () => {
    await mgmt.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const list = (token: string) => mgmt.public().get(PIPELINES).set('Authorization', `Bearer ${token}`);

  it('are let in, and the server is not asked again for a while', async () => {
    answers.set('good', { active: true, sub: 'alice', exp: Math.floor(Date.now() / 1000) + 60 });
    await list('good').expect(200);
    await list('good').expect(200);
    const credentials = Buffer.from(`sdp:${encodeURIComponent('s:cret')}`).toString('base64');
    expect(asked).toEqual([`Basic ${credentials} good`]);
  });

  it.each<[what: string, answer: object, reason: RegExp]>([
    ['is not active', { active: false }, /does not accept/],
    ['has expired', { active: true, sub: 'a', exp: 1 }, /expired/],
    ['names no account', { active: true }, /claim sub/],
  ])('are refused when the token %s', async (what, answer, reason) => {
    const token = what.replaceAll(' ', '-');
    answers.set(token, answer);
    const { body } = await list(token).expect(401);
    expect(body.error_details.reason).toMatch(reason);
  });

  it.each(['broken', 'no JSON', '{"active":"yes"}'])('are kept waiting while it answers %j', async (answer) => {
    const token = Buffer.from(answer).toString('hex');
    answers.set(token, answer);
    const { body } = await list(token).expect(503);
    expect(body.error_code).toBe('StreamDataPipeline.ServiceUnavailable.Authentication');
  });

  it('are kept waiting while it is away', async () => {
    const away = await MgmtFixture.start({
      ...isolated(),
      SDP_AUTH_MODE: 'introspection',
      SDP_AUTH_INTROSPECTION_URL: `http://127.0.0.1:${await closedPort()}/`,
    });
    await away.public().get(PIPELINES).set('Authorization', 'Bearer x').expect(503);
    await away.stop();
  });
});
