import type { IndexBaseProviderName } from '../../../config/index-base-config.js';
import { aliasOf } from '../../../domain/index-base.js';
import type { TaskFaultCode } from '../../../domain/task-fault-codes.js';
import { outcomeOfItem, outcomeOfRequest, type ItemAnswer } from '../../../domain/bulk-answers.js';
import type { BulkAnswer } from '../../../platform/opensearch/bulk-transport.js';
import { ACCESS_REMEDY } from '../../../platform/opensearch/connection-fault.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import type { TargetBase } from '../../../document/target-base.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import { TaskFault } from '../task-fault.js';
import type { WaitingCause } from '../waiting-cause.js';
import { backOffMs } from '../../../domain/back-off.js';
import { bodyOf, pendingItems } from './bulk-request.js';
import { parseBulkResponse } from './bulk-response.js';
import { reject, supersede } from './item-verdicts.js';
import type { RecoveryProbe } from './recovery-probe.js';

export interface BulkSenderOptions {
  /** Attempts in a row after which none of the records became final. */
  failureThreshold: number;
  hasDocumentVersion: boolean;
  /** Who keeps the index bases, for the remedy when an alias is missing. */
  indexBaseProvider: IndexBaseProviderName;
}

export interface BulkPorts {
  /** Where OpenSearch is, for the cause of a fault. */
  address: string;
  post(body: Buffer): Promise<BulkAnswer>;
  probe: RecoveryProbe;
  /** Resolves once this member may write: its membership of the group is not in doubt. */
  mayWrite(signal: AbortSignal): Promise<void>;
  /** Makes the alias of the pipeline's own base again; false when that is not allowed or did not work. */
  reviveBase(base: TargetBase): Promise<boolean>;
  /** Tells what holds the task up; undefined says that it moves again. */
  onWaiting(cause: WaitingCause | undefined): void;
  onBulk(bulk: SentBulk): void;
  /** So many bytes of bulk bodies were acknowledged as written. */
  onAcknowledged(bytes: number): void;
  /** Undefined while tracing is off. */
  tracer?: FlowTracer;
}

/** One request that ended, however it did. */
export interface SentBulk {
  seconds: number;
  items: number;
  bytes: number;
  /** How many of the items were in a request before. */
  retriedItems: number;
}

/** Why a send has to be tried again. */
interface Setback {
  cause: WaitingCause;
  isOutage: boolean;
  retryAfterMs: number;
  /** The pipeline's own base, when its alias is not there. */
  missing?: TargetBase;
}

/** Requests that one attempt has spent on looking for culprits. */
interface Search {
  requests: number;
}

const MAX_BISECT_REQUESTS = 64;
/** After that many requests the culprit is looked for document by document, at most so many a second. */
const SINGLE_DOCUMENTS_PER_SEC = 50;

/**
 * Sends one batch until every item is final: only what may succeed later is sent again, a refused document costs
 * itself alone. Throws a TaskFault when nothing moves any more; the batch is not final then. Many batches may be sent
 * at the same time; each has its own call.
 */
export class BulkSender {
  /** What holds up each batch that is being sent. */
  private readonly waiting = new Map<FlowBatch, WaitingCause>();

  constructor(
    private readonly ports: BulkPorts,
    private readonly options: BulkSenderOptions,
  ) {}

  async send(batch: FlowBatch, signal: AbortSignal): Promise<void> {
    for (let failures = 0; batch.pending > 0;) {
      const before = batch.pending;
      const setback = await this.post(batch, pendingItems(batch), { requests: 0 }, signal);
      batch.attempts++;
      if (batch.pending === 0 || !setback) {
        this.tell(batch, undefined);
        continue;
      }
      failures = batch.pending < before ? 0 : failures + 1;
      if (failures >= this.options.failureThreshold) {
        const { code, text } = setback.cause;
        throw new TaskFault(code, `${text} (${failures} attempts in a row)`, setback.isOutage);
      }
      this.tell(batch, setback.cause);
      await this.ports.probe.wait(backOffMs(failures, setback.retryAfterMs), setback.isOutage, signal);
    }
  }

  /** One batch that moves again does not take back the complaint of another. */
  private tell(batch: FlowBatch, cause: WaitingCause | undefined): void {
    if (cause) {
      this.waiting.set(batch, cause);
    } else {
      this.waiting.delete(batch);
    }
    this.ports.onWaiting(this.waiting.values().next().value);
  }

  /** One request for the items, or several when it has to be split. Undefined when all of it was answered for good. */
  private async post(
    batch: FlowBatch,
    wanted: number[],
    search: Search,
    signal: AbortSignal,
  ): Promise<Setback | undefined> {
    await this.ports.mayWrite(signal);
    // Only now: what became final while waiting (lost to another member, superseded) must not be written any more.
    const items = wanted.filter((item) => batch.state(item) === ItemState.Pending);
    if (items.length === 0) {
      return undefined;
    }
    const body = items.length === batch.documents ? batch.wholeBody() : bodyOf(batch, items);
    const started = performance.now();
    const endSpan = this.ports.tracer?.startBulk(batch, items, body.length);
    const answer = await this.ports.post(body);
    endSpan?.(answer.status);
    this.ports.onBulk({
      seconds: (performance.now() - started) / 1000,
      items: items.length,
      bytes: body.length,
      retriedItems: batch.attempts > 0 ? items.length : 0,
    });
    const outcome = outcomeOfRequest(answer.status);
    switch (outcome) {
      case 'items':
        return this.takeItems(batch, items, answer);
      case 'halve':
        return this.halve(batch, items, search, answer, signal);
      case 'bisect':
        return this.bisect(batch, items, search, answer, signal);
      case 'access_denied':
        throw this.accessDenied(`status ${answer.status}`);
      case 'resend':
        return this.outage(answer);
    }
  }

  private async takeItems(batch: FlowBatch, items: number[], answer: BulkAnswer): Promise<Setback | undefined> {
    const response = parseBulkResponse(answer.body, items.length);
    if (!response) {
      return setbackOf('OPENSEARCH_ANSWER_UNUSABLE', unusable(this.ports.address));
    }
    if (response.kind === 'all_written') {
      let bytes = 0;
      for (const item of items) {
        batch.settle(item, ItemState.Indexed);
        bytes += batch.lineBytes(item);
      }
      this.ports.onAcknowledged(bytes);
      supersede(batch);
      return undefined;
    }
    let setback: Setback | undefined;
    let missing: TargetBase | undefined;
    for (const [position, item] of items.entries()) {
      const itemAnswer = response.items[position];
      if (itemAnswer && batch.state(item) === ItemState.Pending) {
        const found = this.takeItem(batch, item, itemAnswer);
        setback = found ?? setback;
        missing = found?.missing ?? missing;
      }
    }
    supersede(batch);
    if (missing) {
      await this.ports.reviveBase(missing);
    }
    return setback && { ...setback, retryAfterMs: answer.retryAfterMs };
  }

  private takeItem(batch: FlowBatch, item: number, answer: ItemAnswer): Setback | undefined {
    const outcome = outcomeOfItem(answer, this.options.hasDocumentVersion && batch.ownIds.has(item));
    const told = `${answer.errorType || `status ${answer.status}`}: ${answer.reason}`;
    switch (outcome) {
      case 'done':
        batch.settle(item, ItemState.Indexed);
        this.ports.onAcknowledged(batch.lineBytes(item));
        return undefined;
      case 'superseded':
        batch.settle(item, ItemState.Superseded);
        return undefined;
      case 'rejected':
        reject(batch, item, answer.status, told);
        return undefined;
      case 'retry':
        return setbackOf('OPENSEARCH_BUSY', busy(this.ports.address, told));
      case 'blocked':
        return setbackOf('OPENSEARCH_BLOCKED', blocked(batch.base(item), told));
      case 'alias_missing':
        return this.aliasMissing(batch, item, answer.status, told);
      case 'access_denied':
        throw this.accessDenied(told);
    }
  }

  private async halve(
    batch: FlowBatch,
    items: number[],
    search: Search,
    answer: BulkAnswer,
    signal: AbortSignal,
  ): Promise<Setback | undefined> {
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      reject(
        batch,
        only,
        answer.status,
        'OpenSearch refuses a request with this document alone as too large',
        'DOCUMENT_TOO_LARGE',
      );
      return undefined;
    }
    let setback: Setback | undefined;
    for (const half of halvesOf(items)) {
      setback = (await this.post(batch, half, search, signal)) ?? setback;
    }
    return setback;
  }

  private async bisect(
    batch: FlowBatch,
    items: number[],
    search: Search,
    answer: BulkAnswer,
    signal: AbortSignal,
  ): Promise<Setback | undefined> {
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      reject(batch, only, answer.status, answer.body.toString('utf8', 0, 1000));
      return undefined;
    }
    let setback: Setback | undefined;
    for (const half of halvesOf(items)) {
      const isWithinBound = search.requests++ < MAX_BISECT_REQUESTS;
      const sent = isWithinBound
        ? this.post(batch, half, search, signal)
        : this.postSingly(batch, half, search, signal);
      setback = (await sent) ?? setback;
    }
    return setback;
  }

  private async postSingly(batch: FlowBatch, items: number[], search: Search, signal: AbortSignal) {
    let setback: Setback | undefined;
    for (const item of items) {
      await this.ports.probe.wait(1000 / SINGLE_DOCUMENTS_PER_SEC, false, signal);
      setback = (await this.post(batch, [item], search, signal)) ?? setback;
      if (setback?.isOutage) {
        break; // the rest waits for OpenSearch like everything else
      }
    }
    return setback;
  }

  private aliasMissing(batch: FlowBatch, item: number, status: number, told: string): Setback | undefined {
    const base = batch.base(item);
    if (!base?.isOwn) {
      reject(batch, item, status, told, 'INDEX_BASE_NOT_FOUND');
      return undefined;
    }
    const { baseType } = base;
    const text = `The alias of index base ${baseType} is missing (${told}): make ${aliasOf(baseType)} ${aliasRemedy[this.options.indexBaseProvider]}`;
    return { ...setbackOf('INDEX_BASE_MISSING', text), missing: base };
  }

  private accessDenied(told: string): TaskFault {
    const text = `OpenSearch at ${this.ports.address} denies access (${told}): ${ACCESS_REMEDY}`;
    return new TaskFault('OPENSEARCH_ACCESS_DENIED', text, false);
  }

  private outage(answer: BulkAnswer): Setback {
    const { address } = this.ports;
    const told = answer.status === 0 ? answer.failure : `status ${answer.status}`;
    if (answer.status === 429) {
      return { ...setbackOf('OPENSEARCH_BUSY', busy(address, told)), retryAfterMs: answer.retryAfterMs };
    }
    const text = `OpenSearch at ${address} does not answer (${told}): check that it runs, that the worker reaches it, and opensearch.nodes`;
    const cause = { code: 'OPENSEARCH_UNAVAILABLE', text } as const;
    return { cause, isOutage: true, retryAfterMs: answer.retryAfterMs };
  }
}

const aliasRemedy: Readonly<Record<IndexBaseProviderName, string>> = {
  opensearch: 'with a write index, or set indexBase.autoCreate',
  http: 'with a write index, as the index-base service of indexBase.url should have done',
};

function halvesOf(items: number[]): [number[], number[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

function setbackOf(code: TaskFaultCode, text: string): Setback {
  return { cause: { code, text }, isOutage: false, retryAfterMs: 0 };
}

function busy(address: string, told: string): string {
  return `OpenSearch at ${address} is busy (${told}): if it lasts, give it more nodes or memory, or lower server.maxInFlightBulks`;
}

function blocked(base: TargetBase | undefined, told: string): string {
  const index = base ? aliasOf(base.baseType) : 'the index';
  return `OpenSearch blocks writes to ${index} (${told}): free disk space, then take the block index.blocks.* off`;
}

function unusable(address: string): string {
  return `What answers at ${address} does not answer as OpenSearch does: check opensearch.nodes and any proxy in between`;
}
