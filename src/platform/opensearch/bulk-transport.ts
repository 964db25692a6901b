import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** What a task thread needs to reach OpenSearch; plain data, so that it crosses threads. */
export interface BulkConnection {
  /** Base URLs; the next one is used when one does not answer. */
  nodes: string[];
  username: string;
  password: string;
  requestTimeoutMs: number;
}

export interface BulkAnswer {
  /** HTTP status; 0 when there was no whole answer. */
  status: number;
  body: Buffer;
  /** Why there was no whole answer; empty otherwise. */
  failure: string;
  /** From the Retry-After header; 0 when absent. */
  retryAfterMs: number;
}

const BULK_PATH =
  '/_bulk?require_alias=true&filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason';

/**
 * Raw `_bulk` requests over keep-alive connections. It never throws: a failure is an answer with status 0, which means
 * that nobody knows what was written. The client library is left out on purpose: a Buffer goes out as it is, and a task
 * thread stays small.
 */
export class BulkTransport {
  private readonly agent: Agent | HttpsAgent;
  private readonly authorization: string | undefined;
  private node = 0;

  constructor(
    private readonly connection: BulkConnection,
    maxSockets: number,
  ) {
    const secure = connection.nodes.some((node) => node.startsWith('https:'));
    const options = { keepAlive: true, maxSockets: maxSockets + 1, scheduling: 'lifo' as const };
    this.agent = secure ? new HttpsAgent(options) : new Agent(options);
    this.authorization = connection.username
      ? `Basic ${Buffer.from(`${connection.username}:${connection.password}`).toString('base64')}`
      : undefined;
  }

  bulk(body: Buffer): Promise<BulkAnswer> {
    return this.send('POST', BULK_PATH, body, this.connection.requestTimeoutMs);
  }

  /** True when a node answers at all. */
  async isAnswering(timeoutMs: number): Promise<boolean> {
    const answer = await this.send('GET', '/', undefined, timeoutMs);
    return answer.status > 0 && answer.status < 500;
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(method: string, path: string, body: Buffer | undefined, timeoutMs: number): Promise<BulkAnswer> {
    const answer = await this.exchange(method, path, body, timeoutMs);
    if (answer.status === 0 || answer.status === 502 || answer.status === 503) {
      this.node = (this.node + 1) % this.connection.nodes.length;
    }
    return answer;
  }

  private exchange(method: string, path: string, body: Buffer | undefined, timeoutMs: number): Promise<BulkAnswer> {
    const url = new URL(path, this.connection.nodes[this.node]);
    const headers: Record<string, string | number> = {
      ...(body && { 'content-type': 'application/x-ndjson', 'content-length': body.length }),
      ...(this.authorization && { authorization: this.authorization }),
    };
    const call = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const fail = (error: Error) => {
        clearTimeout(deadline);
        resolve({ status: 0, body: Buffer.alloc(0), failure: error.message, retryAfterMs: 0 });
      };
      const outgoing = call(url, { method, headers, agent: this.agent }, (incoming) => {
        collect(
          incoming,
          (answer) => {
            clearTimeout(deadline);
            resolve(answer);
          },
          fail,
        );
      });
      // One deadline for the whole exchange: a node that sends a byte now and then must not hold a bulk for ever.
      const deadline = setTimeout(() => {
        outgoing.destroy(new Error(`no answer from ${url.host} within ${timeoutMs} ms`));
      }, timeoutMs);
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }
}

function collect(incoming: IncomingMessage, done: (answer: BulkAnswer) => void, fail: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('error', fail);
  incoming.on('end', () => {
    if (!incoming.complete) {
      fail(new Error('the answer ended early'));
      return;
    }
    const retryAfterSec = Number(incoming.headers['retry-after'] ?? 0);
    done({
      status: incoming.statusCode ?? 0,
      body: Buffer.concat(chunks),
      failure: '',
      retryAfterMs: Number.isFinite(retryAfterSec) ? retryAfterSec * 1000 : 0,
    });
  });
}
