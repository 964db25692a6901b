import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { HttpExchange, type ExchangeRequest } from '../../src/platform/opensearch/http-exchange.js';
import { NodeAgents } from '../../src/platform/opensearch/node-agents.js';
import { closedPort } from './mgmt-fixture.js';

const noFiles = { caFile: '', certFile: '', keyFile: '', keyPassphrase: '' };

describe('one request to one node', () => {
  let agents: NodeAgents;
  const ends: (() => void)[] = [];

  beforeEach(() => {
    agents = new NodeAgents(noFiles, 1);
  });
  afterEach(() => {
    agents.destroy();
    ends.splice(0).forEach((end) => end());
  });

  const listening = async (server: Server, protocol = 'http') => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    return new URL(`${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };
  const answering = (listener: RequestListener) => {
    const server = createHttpServer(listener);
    ends.push(() => server.closeAllConnections());
    return listening(server);
  };
  const ask = (url: URL, limits: Partial<ExchangeRequest> = {}) =>
    new HttpExchange({
      method: 'POST',
      url,
      headers: {},
      body: Buffer.from('{}\n'),
      agent: agents.for(url),
      timeoutMs: 10_000,
      connectTimeoutMs: 10_000,
      maxAnswerBytes: 1000,
      ...limits,
    }).run();
  const fault = (message: string, wasSent: boolean) => ({
    kind: 'fault',
    error: expect.objectContaining({ message: expect.stringContaining(message) }),
    wasSent,
    isStale: false,
  });

  it('has the whole answer', async () => {
    const url = await answering((_, response) => response.writeHead(429, { 'retry-after': '3' }).end('busy'));
    expect(await ask(url)).toMatchObject({
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '3' },
      body: Buffer.from('busy'),
    });
  });

  it('fails when the answer is longer than it may be', async () => {
    const url = await answering((_, response) => response.end('x'.repeat(1001)));
    expect(await ask(url)).toMatchObject(fault('an answer of more than 1000 bytes', true));
  });

  it('fails when the answer ends early', async () => {
    const url = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      setImmediate(() => response.destroy());
    });
    expect(await ask(url)).toMatchObject({ kind: 'fault', wasSent: true });
  });

  it('fails at its deadline also while bytes come now and then', async () => {
    const url = await answering((_, response) => {
      const dripping = setInterval(() => response.write('x'), 20);
      ends.push(() => clearInterval(dripping));
    });
    expect(await ask(url, { timeoutMs: 200 })).toMatchObject(fault('no answer within 200 ms', true));
  });

  it('fails without having sent anything when nobody listens', async () => {
    const url = new URL(`http://127.0.0.1:${await closedPort()}`);
    expect(await ask(url)).toMatchObject(fault('ECONNREFUSED', false));
  });

  it('fails without having sent anything when the connection does not come about in time', async () => {
    const silent = await listening(
      createServer((socket) => void ends.push(() => socket.destroy())),
      'https',
    );
    expect(await ask(silent, { connectTimeoutMs: 100 })).toMatchObject(fault('no connection within 100 ms', false));
  });

  it('knows a kept-alive connection that had ended from a node that is in trouble', async () => {
    const url = await answering((request, response) => {
      if (request.socket.bytesRead > 300) {
        request.socket.destroy();
      } else {
        response.end('first');
      }
    });
    const body = Buffer.alloc(200);
    expect(await ask(url, { body })).toMatchObject({ kind: 'answer' });
    expect(await ask(url, { body })).toMatchObject({ kind: 'fault', wasSent: true, isStale: true });
  });
});
