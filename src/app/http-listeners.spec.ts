import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import express from 'express';
import { listenerOf, type Listener } from '../platform/http/listener.js';
import { listenerSeparation } from '../platform/http/listener-separation.js';
import { HttpListeners } from './http-listeners.js';
import type { ListenerAddress } from './listener-address.js';

const at = (listener: Listener, port = 0, host = '127.0.0.1'): ListenerAddress => ({
  listener,
  port,
  host,
  settings: { port: `server.${listener}Port`, host: `server.${listener}Address` },
});

describe('listeners', () => {
  let listeners: HttpListeners;

  afterEach(() => listeners.close(0));

  it('mark each request with the listener that took it', async () => {
    listeners = new HttpListeners((request, response) => void response.end(listenerOf(request)));
    const [open, internal] = [await listeners.open(at('public')), await listeners.open(at('internal'))];
    expect(await (await fetch(open)).text()).toBe('public');
    expect(await (await fetch(internal)).text()).toBe('internal');
  });

  it.each<[string, number, number]>([
    ['/api/flow-stream-data-pipeline/v1', 200, 404],
    ['/api/flow-stream-data-pipeline/v1/pipelines?x=1', 200, 404],
    ['/api/flow-stream-data-pipeline/in/v1/pipelines', 404, 200],
    ['/API/Flow-Stream-Data-Pipeline/IN/V1/pipelines', 404, 200],
    ['/docs', 200, 404],
    ['/docs/openapi.json', 200, 404],
    ['/health', 200, 200],
    ['/metrics', 200, 200],
  ])('serve %s with %i on the public and %i on the internal port', async (path, onPublic, onInternal) => {
    const app = express();
    app.use(listenerSeparation());
    app.use((_request, response) => void response.end());
    app.use(((_fault, _request, response, _next) => void response.status(404).end()) as express.ErrorRequestHandler);
    listeners = new HttpListeners(app);
    const [open, internal] = [await listeners.open(at('public')), await listeners.open(at('internal'))];
    expect([(await fetch(open + path)).status, (await fetch(internal + path)).status]).toEqual([onPublic, onInternal]);
  });

  it('name the setting of a port that is taken and of an address that is not ours', async () => {
    listeners = new HttpListeners((_request, response) => void response.end());
    const port = Number(new URL(await listeners.open(at('public'))).port);
    await expect(listeners.open(at('internal', port))).rejects.toThrow(
      `server.internalPort: port ${port} of 127.0.0.1 is already in use`,
    );
    await expect(listeners.open(at('internal', 0, '192.0.2.1'))).rejects.toThrow(
      'server.internalAddress: 192.0.2.1 is not an address of this machine',
    );
  });

  it('finish a request on the way, then drop its kept-alive connection', async () => {
    const arrived = new Promise<ServerResponse>((resolve) => {
      listeners = new HttpListeners((_request, response) => resolve(response));
    });
    const agent = new Agent({ keepAlive: true });
    const asked = once(get(await listeners.open(at('public')), { agent }), 'response') as Promise<[IncomingMessage]>;
    const onTheWay = await arrived;
    const closed = listeners.close(10_000);
    onTheWay.end('done');
    const [response] = await asked;
    expect(response.statusCode).toBe(200);
    response.resume();
    await closed;
    agent.destroy();
  });

  it('cut off a request that outlasts the deadline', async () => {
    listeners = new HttpListeners((_request, response) => void response.write('begun'));
    const response = await fetch(await listeners.open(at('public')));
    await listeners.close(1);
    await expect(response.text()).rejects.toThrow();
  });
});
