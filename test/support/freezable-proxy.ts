import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What an answer becomes on its way; of the same length. */
export type Rewrite = (answer: Buffer, ownPort: number) => Buffer;

const asItIs: Rewrite = (answer) => answer;

/** Stands between a client and a server, and can fall silent as a host does that has lost its network. */
export class FreezableProxy {
  private readonly sockets = new Set<Socket>();
  private readonly requestListeners: ((bytes: Buffer) => void)[] = [];
  private readonly watches = new Map<string, () => void>();

  private constructor(
    private readonly server: Server,
    private readonly upstream: { host: string; port: number },
    readonly port: number,
    private readonly rewrite: Rewrite,
  ) {}

  static async to(host: string, port: number, listenOn = '127.0.0.1', rewrite = asItIs): Promise<FreezableProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, listenOn, resolve));
    const proxy = new FreezableProxy(server, { host, port }, (server.address() as { port: number }).port, rewrite);
    proxy.open();
    return proxy;
  }

  /** Calls back with what clients send, as it comes. */
  onRequest(listener: (bytes: Buffer) => void): void {
    this.requestListeners.push(listener);
  }

  /** Calls it once, when a client has sent something with this text in it: the server has it then. */
  onceSent(text: string, act: () => void): void {
    this.watches.set(text, act);
  }

  /** Nothing passes any more, in either direction, and nothing is closed; new connections are accepted and stay silent. */
  freeze(): void {
    this.sockets.forEach((socket) => socket.pause());
    this.server.removeAllListeners('connection');
    this.server.on('connection', (client) => this.sockets.add(client));
  }

  /** Closes all connections and each that is opened, as a machine does on which the server is not there any more. */
  refuse(): void {
    this.drop();
    this.server.removeAllListeners('connection');
    this.server.on('connection', (client) => client.destroy());
  }

  /** Lets new connections through again; those of before are closed. */
  thaw(): void {
    this.drop();
    this.server.removeAllListeners('connection');
    this.open();
  }

  /** Closes all connections, as a server that goes away does. */
  drop(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.sockets.clear();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private open(): void {
    this.server.on('connection', (client) => this.join(client, createConnection(this.upstream)));
  }

  private join(client: Socket, upstream: Socket): void {
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    const rewritten = new Transform({
      transform: (answer: Buffer, _encoding, done) => done(null, this.rewrite(answer, this.port)),
    });
    client.pipe(upstream).pipe(rewritten).pipe(client);
    client.on('data', (sent: Buffer) => {
      this.requestListeners.forEach((listener) => listener(sent));
      this.watch(sent);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }

  private watch(sent: Buffer): void {
    for (const [text, act] of this.watches) {
      if (sent.includes(text)) {
        this.watches.delete(text);
        act();
      }
    }
  }
}
