import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { choosePorts } from '../../sandbox/ports.js';
import { openSearchUrl } from './environment.js';
import type { IssuedFiles } from './test-authority.js';

export interface SearchNodeOptions {
  /** Serves https; with an authority for clients, none without its certificate gets in. */
  tls?: IssuedFiles & { clientCaFile?: string };
  /** The only log-in that is let in. */
  login?: { username: string; password: string };
}

/**
 * A node of OpenSearch as clients see one: it stands in front of the real server, with TLS, a log-in and faults of its
 * own. Bodies pass as they are.
 */
export class SearchNode {
  /** Method and path of each request, in the order of their arrival. */
  readonly asked: string[] = [];
  /** Of the bodies of the bulk requests; undefined for a plain one. */
  readonly contentEncodings: (string | undefined)[] = [];
  private readonly server: Server;
  private fault: 'none' | 'frozen' | number = 'none';

  private constructor(
    private readonly port: number,
    private readonly options: SearchNodeOptions,
  ) {
    this.server = options.tls ? createTlsServer(tlsOptions(options.tls)) : createServer();
    this.server.on('request', (incoming: IncomingMessage, response: ServerResponse) => this.serve(incoming, response));
  }

  static async start(options: SearchNodeOptions = {}): Promise<SearchNode> {
    // Not from the range of outgoing connections: a node that is killed finds its port free when it comes back.
    const { node: port = 0 } = await choosePorts(['node'], {}, []);
    const made = new SearchNode(port, options);
    await made.revive();
    return made;
  }

  get url(): string {
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  /** How many bulk requests came. */
  get bulks(): number {
    return this.contentEncodings.length;
  }

  /** Ends all connections at once and refuses others. */
  async kill(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  async revive(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Takes connections and requests and never answers. */
  freeze(): void {
    this.fault = 'frozen';
  }

  /** Answers everything with this status. */
  answerOnly(status: number): void {
    this.fault = status;
  }

  heal(): void {
    this.fault = 'none';
  }

  async close(): Promise<void> {
    if (this.server.listening) {
      await this.kill();
    }
  }

  private serve(incoming: IncomingMessage, response: ServerResponse): void {
    this.asked.push(`${incoming.method} ${incoming.url}`);
    if (incoming.url?.startsWith('/_bulk')) {
      this.contentEncodings.push(incoming.headers['content-encoding']);
    }
    if (this.fault === 'frozen') {
      incoming.resume();
    } else if (this.fault !== 'none') {
      incoming.resume();
      response.writeHead(this.fault).end();
    } else if (this.isLetIn(incoming)) {
      pass(incoming, response);
    } else {
      incoming.resume();
      response.writeHead(401, { 'content-type': 'text/plain' }).end('Unauthorized');
    }
  }

  private isLetIn({ headers }: IncomingMessage): boolean {
    const { login } = this.options;
    const wanted = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
    return wanted === undefined || headers.authorization === wanted;
  }
}

function tlsOptions({ certFile, keyFile, clientCaFile }: NonNullable<SearchNodeOptions['tls']>): object {
  const own = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  return clientCaFile === undefined
    ? own
    : { ...own, ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: true };
}

function pass(incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = incoming;
  const upstream = forward(openSearchUrl() + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}
