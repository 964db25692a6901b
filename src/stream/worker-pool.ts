import { poolClosedError } from './context-error.js';
import { Fifo } from './fifo.js';
import { toError } from './outcome.js';
import { isPromiseLike } from './promise-like.js';

/** What a lane is told by: items of the same key are worked on one after another. */
export type LaneKey = string | number;

export interface WorkerPoolOptions<TItem> {
  /** The work on one item. `signal` is aborted by {@link WorkerPool.cancel}. What it throws is told to `onError`. */
  work(item: TItem, signal: AbortSignal): void | PromiseLike<void>;
  /** Items that are worked on at the same time, at least 1. */
  concurrency: number;
  /** Items that may be held beyond those worked on, waiting for their turn or their lane; 0 and more. */
  queueLimit: number;
  /** Items with the same key keep their order and never overlap; undefined, or left out: no order. */
  laneOf?(item: TItem): LaneKey | undefined;
  /** Hears of work that threw or rejected; it must not throw. The pool goes on. */
  onError(error: Error, item: TItem): void;
}

export interface WorkerPoolStats {
  running: number;
  queued: number;
  /** Since the start; `done` counts the failed ones too. */
  done: number;
  failed: number;
}

interface Lane<TItem> {
  readonly key: LaneKey;
  readonly waiting: Fifo<TItem>;
}

/** An item for which there was no room yet. */
interface Submission<TItem> {
  readonly item: TItem;
  accept(): void;
  refuse(error: Error): void;
}

interface Turn<TItem> {
  readonly item: TItem;
  readonly lane: Lane<TItem> | undefined;
}

/**
 * Works on many items at the same time, on no more than it may, and lets no more than it may wait. Turns are given in the
 * order of submission, except that an item waits for the one before it in its lane; lanes do not hold up each other.
 * Work that returns without a promise is done when `submit` returns, and costs no await.
 */
export class WorkerPool<TItem> {
  private readonly ready = new Fifo<Turn<TItem>>();
  private readonly lanes = new Map<LaneKey, Lane<TItem>>();
  private readonly submissions = new Fifo<Submission<TItem>>();
  private readonly idleWaiters: (() => void)[] = [];
  private readonly cancelled = new AbortController();
  private running = 0;
  private queued = 0;
  private done = 0;
  private failed = 0;
  private isClosed = false;
  private isDispatching = false;

  /** Throws a RangeError for a bound that is none. */
  constructor(private readonly options: WorkerPoolOptions<TItem>) {
    requireCount('concurrency', options.concurrency, 1);
    requireCount('queueLimit', options.queueLimit, 0);
  }

  get stats(): WorkerPoolStats {
    const { running, queued, done, failed } = this;
    return { running, queued, done, failed };
  }

  /**
   * Takes the item, at once when there is room (then it answers undefined), else when there is; items are taken in the
   * order in which they were submitted. Rejects with POOL_CLOSED, and throws it when called after `drain` or `cancel`.
   */
  submit(item: TItem): Promise<void> | undefined {
    if (this.isClosed) {
      throw poolClosedError();
    }
    if (this.submissions.size > 0 || !this.hasRoom) {
      return new Promise<void>((accept, refuse) => this.submissions.push({ item, accept, refuse }));
    }
    this.enqueue(item);
    this.dispatch();
    return undefined;
  }

  /** Takes the item if there is room now, and says whether it did. */
  trySubmit(item: TItem): boolean {
    if (this.isClosed || this.submissions.size > 0 || !this.hasRoom) {
      return false;
    }
    this.enqueue(item);
    this.dispatch();
    return true;
  }

  /** No submission may follow; resolves when everything submitted is done. */
  async drain(): Promise<void> {
    this.isClosed = true;
    if (!this.isIdle) {
      await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
    }
  }

  /**
   * No submission may follow. Aborts the signal of the work at hand with this reason, and answers what was taken and has
   * not begun; submissions that still wait for room are refused. `drain` then resolves when the work at hand has ended.
   */
  cancel(reason?: unknown): TItem[] {
    this.isClosed = true;
    const dropped = this.takeQueued();
    for (let left = this.submissions.shift(); left; left = this.submissions.shift()) {
      left.refuse(poolClosedError());
    }
    this.cancelled.abort(reason);
    this.tellWhenIdle();
    return dropped;
  }

  private get hasRoom(): boolean {
    return this.running + this.queued < this.options.concurrency + this.options.queueLimit;
  }

  private get isIdle(): boolean {
    return this.running + this.queued + this.submissions.size === 0;
  }

  private enqueue(item: TItem): void {
    this.queued++;
    const key = this.options.laneOf?.(item);
    const lane = key === undefined ? undefined : this.lanes.get(key);
    if (lane) {
      lane.waiting.push(item);
      return;
    }
    const opened = key === undefined ? undefined : { key, waiting: new Fifo<TItem>() };
    if (opened) {
      this.lanes.set(opened.key, opened);
    }
    this.ready.push({ item, lane: opened });
  }

  /** A loop, not a recursion: work that ends at once may free the turn of thousands behind it. */
  private dispatch(): void {
    if (this.isDispatching) {
      return;
    }
    this.isDispatching = true;
    for (let turn = this.nextTurn(); turn; turn = this.nextTurn()) {
      this.begin(turn);
    }
    this.isDispatching = false;
    this.tellWhenIdle();
  }

  private begin(turn: Turn<TItem>): void {
    this.queued--;
    this.running++;
    let pending: void | PromiseLike<void>;
    try {
      pending = this.options.work(turn.item, this.cancelled.signal);
    } catch (error) {
      this.fail(turn, error);
      this.end(turn);
      return;
    }
    if (isPromiseLike(pending)) {
      this.await(pending, turn);
    } else {
      this.end(turn);
    }
  }

  private await(pending: PromiseLike<void>, turn: Turn<TItem>): void {
    pending.then(
      () => {
        this.end(turn);
        this.dispatch();
      },
      (error: unknown) => {
        this.fail(turn, error);
        this.end(turn);
        this.dispatch();
      },
    );
  }

  private fail({ item }: Turn<TItem>, error: unknown): void {
    this.failed++;
    this.options.onError(toError(error), item);
  }

  private end({ lane }: Turn<TItem>): void {
    this.running--;
    this.done++;
    if (lane && lane.waiting.size > 0) {
      this.ready.push({ item: lane.waiting.shift() as TItem, lane });
    } else if (lane) {
      this.lanes.delete(lane.key);
    }
  }

  private nextTurn(): Turn<TItem> | undefined {
    while (this.submissions.size > 0 && this.hasRoom) {
      const submission = this.submissions.shift() as Submission<TItem>;
      this.enqueue(submission.item);
      submission.accept();
    }
    return this.running < this.options.concurrency ? this.ready.shift() : undefined;
  }

  private takeQueued(): TItem[] {
    const dropped: TItem[] = [];
    for (let turn = this.ready.shift(); turn; turn = this.ready.shift()) {
      dropped.push(turn.item);
    }
    for (const lane of this.lanes.values()) {
      while (lane.waiting.size > 0) {
        dropped.push(lane.waiting.shift() as TItem);
      }
    }
    this.lanes.clear();
    this.queued = 0;
    return dropped;
  }

  private tellWhenIdle(): void {
    if (this.isClosed && this.isIdle) {
      this.idleWaiters.splice(0).forEach((resolve) => resolve());
    }
  }
}

function requireCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}; it was ${value}.`);
  }
}
