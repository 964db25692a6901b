import { cancelledError, endedError, timedOutError } from './context-error.js';
import { toError } from './outcome.js';

/** setTimeout fires at once beyond this, so a larger time-out is refused. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * The life of one context: may its work go on? A tree, in which a cancel reaches all descendants and never the parent.
 * The first reason wins. The time-out counts from the moment the scope is made. Nothing is allocated and no timer runs
 * until the signal is asked for, a child is made or a time-out is given.
 */
export class CancelScope {
  private readonly parent: CancelScope | undefined;
  private readonly timeoutMs: number | undefined;
  private readonly deadline: number | undefined;
  private timer: NodeJS.Timeout | undefined = undefined;
  private children: Set<CancelScope> | undefined = undefined;
  private controller: AbortController | undefined = undefined;
  private waiter: (() => void) | undefined = undefined;
  private cancelled = false;
  private cancelReason: unknown = undefined;
  private hasEnded = false;

  constructor(parent?: CancelScope, timeoutMs?: number) {
    this.parent = parent;
    this.timeoutMs = timeoutMs;
    this.deadline = timeoutMs === undefined ? undefined : this.startTimer(timeoutMs);
    parent?.adopt(this);
  }

  /** Aborted with the reason of the cancel or time-out; the same object on each call. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.cancelled) {
        this.controller.abort(this.cancelReason);
      }
    }
    return this.controller.signal;
  }

  /**
   * Looks at the clock as well, here and up the tree, because a handler that keeps the thread busy also keeps the timer
   * from firing.
   */
  get isCancelled(): boolean {
    if (!this.cancelled && !this.hasEnded && (this.deadline !== undefined || this.parent !== undefined)) {
      this.cancelWhatIsLate();
    }
    return this.cancelled;
  }

  /** Why the work has to end; meaningful only once `isCancelled`. A reason that is no Error becomes the cause of one. */
  get error(): Error {
    return this.cancelReason instanceof Error ? this.cancelReason : cancelledError(this.cancelReason);
  }

  /** Does nothing the second time. Without a reason the reason is an error that says just that. */
  cancel(reason: unknown = cancelledError()): void {
    if (this.cancelled) {
      return;
    }
    this.cancelled = true;
    this.cancelReason = reason;
    this.waiter?.();
    this.controller?.abort(reason);
    this.release(reason);
  }

  /**
   * Waits until the promise settles or the scope is cancelled, whichever is first. When the scope is cancelled the
   * result is undefined, and what the promise does later, a rejection included, is ignored. One wait at a time.
   */
  async wait<T>(pending: PromiseLike<T>): Promise<T | undefined> {
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        if (this.isCancelled) {
          resolve(undefined);
        }
        this.waiter = () => resolve(undefined);
        pending.then(resolve, (error: unknown) => reject(toError(error)));
      });
    } finally {
      this.waiter = undefined;
    }
  }

  /** The work is done: stops the timer, leaves the tree, and cancels descendants that are still open or come later. */
  end(): void {
    this.hasEnded = true;
    if (this.timer !== undefined || this.parent !== undefined || this.children !== undefined) {
      this.release(this.children === undefined ? undefined : endedError());
    }
  }

  private startTimer(timeoutMs: number): number {
    if (!(timeoutMs > 0 && timeoutMs <= maxTimeoutMs)) {
      throw new RangeError(
        `timeoutMs must be above 0 and at most ${maxTimeoutMs}, or left out for none; it was ${timeoutMs}.`,
      );
    }
    this.timer = setTimeout(() => this.cancel(timedOutError(timeoutMs)), timeoutMs);
    return performance.now() + timeoutMs;
  }

  private adopt(child: CancelScope): void {
    if (this.isCancelled) {
      child.cancel(this.cancelReason);
      return;
    }
    if (this.hasEnded) {
      child.cancel(endedError());
      return;
    }
    (this.children ??= new Set()).add(child);
  }

  private cancelWhatIsLate(): void {
    if (this.deadline !== undefined && performance.now() >= this.deadline) {
      this.cancel(timedOutError(this.timeoutMs ?? 0));
    } else if (this.parent?.isCancelled === true) {
      this.cancel(this.parent.cancelReason);
    }
  }

  private release(reason: unknown): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.parent?.children?.delete(this);
    const orphans = this.children;
    this.children = undefined;
    orphans?.forEach((child) => child.cancel(reason));
  }
}
