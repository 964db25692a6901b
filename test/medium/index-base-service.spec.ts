import { createServer } from 'node:net';
import { once } from 'node:events';
import { HttpIndexBases } from '../../src/platform/index-base/http-index-bases.js';
import { IndexBaseService, type IndexBaseServiceConfig } from '../../src/platform/index-base/index-base-service.js';
import { IndexBaseConfig } from '../../src/config/index-base-config.js';
import { IndexBaseServer } from '../support/index-base-server.js';
import { TestAuthority } from '../support/test-authority.js';
import { closedPort } from './mgmt-fixture.js';

const web = { base_type: 'web', name: 'Web access', data_type: 'nginx', category: 'metric' };
const found = { baseType: 'web', name: 'Web access', dataType: 'nginx', category: 'metric' };
const unavailable = { code: 'INDEX_BASE_UNAVAILABLE', retryable: true };
const nonsense = { code: 'INDEX_BASE_ERROR', retryable: false };

describe('the external index-base service', () => {
  let server: IndexBaseServer;
  let passedMs = 0;
  const made: HttpIndexBases[] = [];

  const bases = (changes: Partial<IndexBaseServiceConfig> = {}) => {
    const config = Object.assign(new IndexBaseConfig(), { url: server.url, timeoutMs: 1000, retries: 2, ...changes });
    const provider = new HttpIndexBases(new IndexBaseService(config), () => passedMs);
    made.push(provider);
    return provider;
  };

  beforeEach(async () => {
    server = await IndexBaseServer.start();
    server.add(web);
  });
  afterEach(async () => {
    await Promise.all(made.splice(0).map((provider) => provider.close()));
    await server.close();
  });

  it('tells type, name, data type and category of a base', async () => {
    expect(await bases().get('web')).toEqual(found);
    expect(await bases({ url: `${server.url}/` }).ensure('web')).toEqual(found);
    expect(server.asked).toEqual(['web', 'web']);
  });

  it('is asked with its token, and without one when there is none', async () => {
    await bases({ token: 'open sesame' }).get('web');
    expect(server.authorization).toBe('Bearer open sesame');
    await bases().get('web');
    expect(server.authorization).toBeUndefined();
  });

  it('does not know a base: 404, or a list without it', async () => {
    expect(await bases().get('shop')).toBeUndefined();
    server.answerBody(200, '[]');
    expect(await bases().get('web')).toBeUndefined();
  });

  it('is not asked for what cannot be a base', async () => {
    for (const name of ['', '../web', 'a/b', 'Web', 'web,shop', 'x'.repeat(101)]) {
      expect(await bases().get(name)).toBeUndefined();
      expect(await bases().ensure(name)).toBeUndefined();
    }
    expect(server.asked).toEqual([]);
  });

  it('is believed for a minute when it says yes, for half of one when it says no', async () => {
    const provider = bases();
    await Promise.all([provider.get('web'), provider.get('web'), provider.get('shop')]);
    passedMs += 29_999;
    await Promise.all([provider.get('web'), provider.get('shop')]);
    expect(server.asked).toEqual(['web', 'shop']);
    passedMs += 1;
    server.add({ ...web, base_type: 'shop' });
    expect(await provider.get('shop')).toMatchObject({ baseType: 'shop' });
    server.bases.clear();
    passedMs += 29_999;
    expect(await provider.get('web')).toEqual(found);
    expect(await provider.ensure('web')).toBeUndefined();
    expect(await provider.get('web')).toBeUndefined();
  });

  it.each([500, 502, 503, 504, 429, 408])(
    'is unavailable when it answers %i, after further attempts',
    async (status) => {
      server.answerBody(status, '{}');
      await expect(bases().get('web')).rejects.toMatchObject({
        ...unavailable,
        message: expect.stringContaining(`answers ${status}`),
      });
      expect(server.asked).toHaveLength(3);
    },
  );

  it('is forgiven a failure, which is not remembered', async () => {
    const provider = bases({ retries: 0 });
    server.answerBody(503, '');
    await expect(provider.get('web')).rejects.toMatchObject(unavailable);
    server.heal();
    expect(await provider.get('web')).toEqual(found);
    let failures = 2;
    server.answer((_request, response) => {
      failures -= 1;
      if (failures === 0) {
        server.heal();
      }
      response.destroy();
    });
    expect(await bases().get('web')).toEqual(found);
  });

  it('is unavailable while nothing listens, and while it does not answer in time', async () => {
    const nobody = bases({ url: `http://127.0.0.1:${await closedPort()}/bases` });
    await expect(nobody.get('web')).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringMatching(/ECONNREFUSED.*indexBase\.url/),
    });
    await expect(nobody.ping()).rejects.toMatchObject(unavailable);
    server.answer(() => undefined);
    await expect(bases({ timeoutMs: 100, retries: 1 }).get('web')).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('no answer within 100 ms'),
    });
    expect(server.asked).toHaveLength(2);
  });

  it('is unavailable when its answer trickles or breaks off', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[');
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    await expect(bases({ timeoutMs: 200, retries: 0 }).get('web')).rejects.toMatchObject(unavailable);
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[{"base_type":"web"', () => response.destroy());
    });
    await expect(bases().get('web')).rejects.toMatchObject(unavailable);
  });

  it.each([
    ['garbage', () => server.answerBody(200, '<html>'), 'makes no sense'],
    ['an answer to another question', () => server.answerBody(200, JSON.stringify({ ...web, base_type: 'a' })), '"a"'],
    ['too much', () => server.answerBody(200, Buffer.alloc(2 * 1024 * 1024, '[')), '1048576 bytes'],
    ['that the token is wrong', () => server.answerBody(401, '{}'), 'indexBase.token'],
    ['that the question is wrong', () => server.answerBody(400, '{}'), 'answers 400'],
    ['something without a body', () => server.answerBody(204, ''), 'answers 204'],
  ])('that answers %s is not asked again, and is never taken for a yes', async (_what, prepare, told) => {
    prepare();
    const provider = bases();
    await expect(provider.get('web')).rejects.toMatchObject({ ...nonsense, message: expect.stringContaining(told) });
    await expect(provider.ping()).rejects.toMatchObject(nonsense);
    expect(server.asked).toHaveLength(1);
  });

  it('that points elsewhere is not followed there', async () => {
    const elsewhere = await IndexBaseServer.start();
    elsewhere.add(web);
    server.answerBody(302, '', { location: `${elsewhere.url}/web` });
    await expect(bases({ token: 'open sesame' }).get('web')).rejects.toMatchObject({
      ...nonsense,
      message: expect.stringContaining(`points to ${elsewhere.url}/web`),
    });
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });

  it('that does not speak HTTP is told apart from one that is away', async () => {
    const stranger = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as { port: number };
    await expect(bases({ url: `http://127.0.0.1:${port}/bases` }).get('web')).rejects.toMatchObject(nonsense);
    stranger.close();
  });

  it('is well when it answers, whether or not it knows a base', async () => {
    await bases().ping();
    server.bases.clear();
    await bases().ping();
    server.answerBody(503, '');
    await expect(bases().ping()).rejects.toMatchObject(unavailable);
  });

  it('makes nothing in OpenSearch', async () => {
    expect(await bases().revive('web')).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it('is trusted over TLS when its authority is the one of indexBase.tls.caFile', async () => {
    const [authority, stranger] = [await TestAuthority.create('ours'), await TestAuthority.create('theirs')];
    const secure = await IndexBaseServer.start(await authority.issue('server', { names: ['127.0.0.1'] }));
    secure.add(web);
    const over = (caFile: string) =>
      bases({ url: secure.url, retries: 0, tls: { caFile, certFile: '', keyFile: '', keyPassphrase: '' } });
    expect(await over(authority.caFile).get('web')).toEqual(found);
    await expect(over(stranger.caFile).get('web')).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('indexBase.tls.caFile'),
    });
    await secure.close();
    authority.remove();
    stranger.remove();
  });
});
