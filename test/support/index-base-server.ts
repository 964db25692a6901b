import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { IssuedFiles } from './test-authority.js';

export interface KnownBase {
  base_type: string;
  name: string;
  data_type: string;
  category: string;
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** The path below which bases are asked for. */
const path = '/api/mdl-index-base/in/v1/index_bases';

/** An external service that keeps index bases, as `indexBase.provider: http` asks one; each test says how it answers. */
export class IndexBaseServer {
  readonly bases = new Map<string, KnownBase>();
  /** Base types that were asked for, health checks left out. */
  readonly asked: string[] = [];
  /** Header `authorization` of the last request. */
  authorization: string | undefined;
  private answering: Answering | undefined;

  private constructor(
    private readonly server: Server,
    private readonly protocol: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.serve(request, response));
  }

  static async start(tls?: IssuedFiles): Promise<IndexBaseServer> {
    const server = tls
      ? createTlsServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) })
      : createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new IndexBaseServer(server, tls ? 'https' : 'http');
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  add(base: KnownBase): void {
    this.bases.set(base.base_type, base);
  }

  /** Answers whatever is asked like this from now on. */
  answer(answering: Answering): void {
    this.answering = answering;
  }

  answerBody(status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
    this.answer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  }

  /** Answers from {@link bases} again. */
  heal(): void {
    this.answering = undefined;
  }

  /** Ends all connections and refuses others. */
  async close(): Promise<void> {
    if (this.server.listening) {
      this.server.close();
      this.server.closeAllConnections();
      await once(this.server, 'close');
    }
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const baseType = decodeURIComponent(request.url?.slice(path.length + 1) ?? '');
    this.authorization = request.headers.authorization;
    if (!baseType.startsWith('sdp-health')) {
      this.asked.push(baseType);
    }
    if (this.answering) {
      this.answering(request, response);
      return;
    }
    const base = request.url?.startsWith(`${path}/`) ? this.bases.get(baseType) : undefined;
    response.writeHead(base ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(base ? [base] : { error_code: 'IndexBase.NotFound' }));
  }
}
