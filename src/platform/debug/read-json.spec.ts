import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Request } from 'express';
import { readJson } from './read-json.js';

/** What becomes of the body that a client sends: the value, or the reason of the refusal. */
async function sent(body: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  const server = createServer((request, response) => {
    // As the routes do, which answer some turns of the event loop later.
    const answer = (body: unknown) => setImmediate(() => response.end(JSON.stringify(body)));
    readJson(request as Request).then(
      (value) => answer({ value }),
      (error: { details?: unknown }) => answer(error.details),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'PUT', body });
    return await answer.json();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the body of a request that nobody has parsed', () => {
  it('is read as JSON', async () => {
    expect(await sent('{"level":"debug"}')).toEqual({ value: { level: 'debug' } });
  });

  it.each([
    ['no JSON', '{"level":'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('is refused when it is %s', async (_what, body) => {
    expect(await sent(body)).toEqual({ reason: 'it is not JSON in UTF-8' });
  });

  it('is refused with an answer when it is too long, however long it is', async () => {
    for (const length of [4097, 8 * 1024 * 1024]) {
      expect(await sent('x'.repeat(length))).toEqual({ reason: 'it is longer than 4096 bytes' });
    }
  });
});
