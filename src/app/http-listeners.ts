import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { ListenerDto } from '../platform/debug/connections.dto.js';
import { type Listener, markListener } from '../platform/http/listener.js';
import { ListenError } from './listen-error.js';
import type { ListenerAddress } from './listener-address.js';

/** How often a closing server is asked to drop the connections that have become idle meanwhile. */
const IDLE_SWEEP_MS = 50;

/** The listeners of one process, all in front of the same handler; each request says which one took it. */
export class HttpListeners {
  private readonly servers: { listener: Listener; server: Server; url: string }[] = [];

  constructor(private readonly handler: RequestListener) {}

  /**
   * Resolves with the URL, once it accepts connections.
   * @throws ListenError
   */
  async open(address: ListenerAddress): Promise<string> {
    const server = createServer((request, response) => {
      markListener(request, address.listener);
      this.handler(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new ListenError(address, error)));
      server.listen({ port: address.port, host: address.host }, resolve);
    });
    const url = urlOf(server.address() as AddressInfo);
    this.servers.push({ listener: address.listener, server, url });
    return url;
  }

  /** Each listener with the connections that are open now. */
  async report(): Promise<ListenerDto[]> {
    return Promise.all(
      this.servers.map(async ({ listener, server, url }) => ({
        ...{ listener, url },
        open_connections: await promisify(server.getConnections.bind(server))(),
      })),
    );
  }

  /**
   * Takes no more connections, lets requests on the way finish until the deadline, then cuts them off.
   * Resolves when no connection is left.
   */
  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.servers.splice(0).map(({ server }) => closeServer(server, deadlineMs)));
  }
}

async function closeServer(server: Server, deadlineMs: number): Promise<void> {
  // A keep-alive connection that was busy when the server closed would otherwise stay open until its time-out.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(cut);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
