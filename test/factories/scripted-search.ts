import type { BulkAnswer } from '../../src/platform/opensearch/bulk-transport.js';
import type { TargetBase } from '../../src/document/target-base.js';
import type { BulkPorts, SentBulk } from '../../src/worker/flow/bulk/bulk-sender.js';
import type { RecoveryProbe } from '../../src/worker/flow/bulk/recovery-probe.js';

/** One action of a bulk body with its document. */
export interface SentDocument {
  index: string;
  id: string;
  routing?: string;
  version?: number;
  document: Record<string, unknown>;
}

export interface ItemVerdict {
  status: number;
  type?: string;
  reason?: string;
}

export type Responder = (
  documents: readonly SentDocument[],
  request: number,
  body: Buffer,
) => BulkAnswer | Promise<BulkAnswer>;

interface RawAction {
  index: { _index: string; _id: string; routing?: string; version?: number };
}

export function documentsOf(body: Buffer): SentDocument[] {
  const lines = body.toString('utf8').split('\n');
  if (lines.pop() !== '' || lines.length % 2 !== 0) {
    throw new Error('a bulk body is pairs of lines, each ended by a line break');
  }
  const sent: SentDocument[] = [];
  for (let line = 0; line < lines.length; line += 2) {
    const { _index: index, _id: id, ...more } = (JSON.parse(lines[line] ?? '') as RawAction).index;
    sent.push({ index, id, ...more, document: JSON.parse(lines[line + 1] ?? '') as Record<string, unknown> });
  }
  return sent;
}

/** The answer of a `_bulk` request, filtered as the program asks for it. */
export function itemsAnswer(verdicts: readonly ItemVerdict[], more: Partial<BulkAnswer> = {}): BulkAnswer {
  const items = verdicts.map(({ status, type, reason }) => ({
    index: { status, ...(type !== undefined && { error: { type, reason: reason ?? '' } }) },
  }));
  return requestAnswer(200, JSON.stringify({ errors: verdicts.some(({ status }) => status > 299), items }), more);
}

export function requestAnswer(status: number, body = '', more: Partial<BulkAnswer> = {}): BulkAnswer {
  return { status, body: Buffer.from(body), failure: status === 0 ? 'connection reset' : '', retryAfterMs: 0, ...more };
}

export const WRITTEN: ItemVerdict = { status: 201 };
export const BUSY: ItemVerdict = { status: 429, type: 'rejected_execution_exception', reason: 'queue is full' };
export const MAPPING: ItemVerdict = { status: 400, type: 'mapper_parsing_exception', reason: 'failed to parse [n]' };
export const NO_ALIAS: ItemVerdict = { status: 404, type: 'index_not_found_exception', reason: 'no such alias' };
export const BLOCKED: ItemVerdict = { status: 403, type: 'cluster_block_exception', reason: 'index read-only' };
export const DENIED: ItemVerdict = { status: 403, type: 'security_exception', reason: 'no permissions' };
export const CONFLICT: ItemVerdict = { status: 409, type: 'version_conflict_engine_exception', reason: 'older' };

/** Answers each document by its own rule. */
export const perDocument =
  (rule: (sent: SentDocument, request: number) => ItemVerdict): Responder =>
  (documents, request) =>
    itemsAnswer(documents.map((sent) => rule(sent, request)));

export const allWritten: Responder = perDocument(() => WRITTEN);

/** Everything outside the process that a bulk meets: OpenSearch by a script, time that passes at once. */
export class ScriptedSearch {
  /** What was sent, request by request. */
  readonly requests: SentDocument[][] = [];
  readonly waits: { delayMs: number; isOutage: boolean }[] = [];
  readonly revived: string[] = [];
  readonly causes: string[] = [];
  readonly bulks: SentBulk[] = [];
  acknowledgedBytes = 0;
  mayWrite: () => Promise<void> = () => Promise.resolve();
  reviveBase: (base: TargetBase) => boolean = () => true;

  constructor(private readonly respond: Responder) {}

  get ports(): BulkPorts {
    return {
      post: (body) => this.post(body),
      probe: { wait: (delayMs, isOutage, signal) => this.wait(delayMs, isOutage, signal) } satisfies Pick<
        RecoveryProbe,
        'wait'
      > as unknown as RecoveryProbe,
      address: 'http://search:9200',
      mayWrite: () => this.mayWrite(),
      reviveBase: (base) => {
        this.revived.push(base.baseType);
        return Promise.resolve(this.reviveBase(base));
      },
      onWaiting: (cause) => this.causes.push(cause?.text ?? ''),
      onBulk: (bulk) => this.bulks.push(bulk),
      onAcknowledged: (bytes) => (this.acknowledgedBytes += bytes),
    };
  }

  get retriedItems(): number {
    return this.bulks.reduce((sum, { retriedItems }) => sum + retriedItems, 0);
  }

  /** The `n` of the documents, request by request. */
  get sent(): unknown[][] {
    return this.requests.map((documents) => documents.map(({ document }) => document['n']));
  }

  private async post(body: Buffer): Promise<BulkAnswer> {
    const documents = documentsOf(body);
    this.requests.push(documents);
    return this.respond(documents, this.requests.length, body);
  }

  private wait(delayMs: number, isOutage: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push({ delayMs, isOutage });
    return Promise.resolve();
  }
}
