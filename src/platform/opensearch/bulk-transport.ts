import { decodeBody, encodeBody, type EncodedBody } from './body-compression.js';
import { urlOn, type BulkConnection } from './bulk-connection.js';
import { connectionFault, strangerFault } from './connection-fault.js';
import { HttpExchange, type ExchangeAnswer, type ExchangeOutcome } from './http-exchange.js';
import { NodeAgents } from './node-agents.js';
import { NodePool, SYSTEM_CLOCK, type PoolClock } from './node-pool.js';

export interface BulkAnswer {
  /** HTTP status; 0 when there was no whole answer. */
  status: number;
  body: Buffer;
  /** Why there was no whole answer; empty otherwise. */
  failure: string;
  /** From the Retry-After header; 0 when absent. */
  retryAfterMs: number;
}

/** One of the configured nodes, with what is asked of it. */
interface SearchNode {
  url: URL;
  bulkUrl: URL;
}

const BULK_PATH =
  '/_bulk?require_alias=true&filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason';
/** A node that is switched off does not refuse: it is given up after this, and the next one has its chance. */
const CONNECT_TIMEOUT_MS = 5000;
const PROBE_TIMEOUT_MS = 2000;
/** An answer tells of each item in a few hundred bytes at most; more than this for one bulk is not an answer. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Raw `_bulk` requests over kept-alive connections to several nodes. It never throws: a failure is an answer with status
 * 0, which means that nobody knows what was written. The next node is tried at once when certainly nothing was sent to
 * the one before; else the sender sends again, and finds another node. One call takes `requestTimeoutMs` at most,
 * whatever it tries. The client library is left out on purpose: a Buffer goes out as it is, and a task thread stays small.
 */
export class BulkTransport {
  private readonly agents: NodeAgents;
  private readonly nodes: readonly SearchNode[];
  private readonly pool: NodePool<SearchNode>;
  private readonly authorization: Readonly<Record<string, string>>;

  constructor(
    private readonly connection: BulkConnection,
    maxSockets: number,
    private readonly clock: PoolClock = SYSTEM_CLOCK,
  ) {
    const { username, password } = connection;
    // One more for probes.
    this.agents = new NodeAgents(connection.tls, maxSockets + 1);
    this.nodes = connection.nodes.map((address) => {
      const url = new URL(address);
      return { url, bulkUrl: urlOn(url, BULK_PATH) };
    });
    this.pool = new NodePool(this.nodes, clock);
    this.authorization = username
      ? { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
      : {};
  }

  /** `body` must not change until this resolves. */
  async bulk(body: Buffer): Promise<BulkAnswer> {
    const untilMs = this.clock.nowMs() + this.connection.requestTimeoutMs;
    const encoded = this.connection.gzip ? await encodeBody(body) : { bytes: body, headers: {} };
    let node: SearchNode | undefined = this.pool.take();
    this.probeDueNodes();
    const failures: string[] = [];
    while (node && failures.length < this.nodes.length) {
      const outcome = await this.post(node, encoded, untilMs - this.clock.nowMs());
      if (outcome.kind === 'answer') {
        return this.toAnswer(outcome, node);
      }
      failures.push(connectionFault(outcome.error, node.url));
      if (outcome.wasSent || this.clock.nowMs() >= untilMs) {
        break;
      }
      node = this.pool.findLive();
    }
    return noAnswer(failures.join('; '));
  }

  /** True when a node answers at all. All are asked, and those that answer have their turn again. */
  async isAnswering(timeoutMs: number): Promise<boolean> {
    const answering = this.nodes.map(async (node) => {
      if (!(await this.probe(node, timeoutMs))) {
        throw new Error('no answer');
      }
      return true;
    });
    return Promise.any(answering).catch(() => false);
  }

  close(): void {
    this.agents.destroy();
  }

  private async post(node: SearchNode, { bytes, headers }: EncodedBody, timeoutMs: number): Promise<ExchangeOutcome> {
    const askedAtMs = this.clock.nowMs();
    const outcome = await new HttpExchange({
      method: 'POST',
      url: node.bulkUrl,
      headers: {
        'content-type': 'application/x-ndjson',
        'content-length': bytes.length,
        ...headers,
        ...(this.connection.gzip && { 'accept-encoding': 'gzip' }),
        ...this.authorization,
      },
      body: bytes,
      agent: this.agents.for(node.url),
      timeoutMs,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    }).run();
    this.learn(node, outcome, askedAtMs);
    return outcome;
  }

  private learn(node: SearchNode, outcome: ExchangeOutcome, askedAtMs: number): void {
    if (outcome.kind === 'answer' && !isAway(outcome.status)) {
      this.pool.markAnswered(node);
    } else if (outcome.kind === 'answer' || !outcome.isStale) {
      this.pool.markFailed(node, askedAtMs);
    }
  }

  private async toAnswer({ status, headers, body }: ExchangeAnswer, node: SearchNode): Promise<BulkAnswer> {
    const stranger = strangerFault(status, headers, node.url);
    if (stranger !== undefined) {
      return noAnswer(stranger);
    }
    const retryAfterSec = Number(headers['retry-after'] ?? 0);
    try {
      return {
        status,
        body: await decodeBody(body, headers['content-encoding'], MAX_ANSWER_BYTES),
        failure: '',
        retryAfterMs: Number.isFinite(retryAfterSec) ? retryAfterSec * 1000 : 0,
      };
    } catch (error) {
      return noAnswer(connectionFault(error as Error, node.url));
    }
  }

  /** Beside the bulk and not before it: a node that is still silent holds nothing up. */
  private probeDueNodes(): void {
    for (const node of this.pool.takeDue()) {
      void this.probe(node, PROBE_TIMEOUT_MS);
    }
  }

  private async probe(node: SearchNode, timeoutMs: number): Promise<boolean> {
    const askedAtMs = this.clock.nowMs();
    const outcome = await new HttpExchange({
      method: 'GET',
      url: node.url,
      headers: this.authorization,
      agent: this.agents.for(node.url),
      timeoutMs,
      connectTimeoutMs: timeoutMs,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    }).run();
    const isAnswering = outcome.kind === 'answer' && outcome.status < 500;
    this.pool.markProbed(node, isAnswering, askedAtMs);
    return isAnswering;
  }
}

/** What a proxy, or a node that is starting or leaving, answers: another node may do better. */
function isAway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

function noAnswer(failure: string): BulkAnswer {
  return { status: 0, body: Buffer.alloc(0), failure, retryAfterMs: 0 };
}
