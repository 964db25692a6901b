import { setTimeout as delay } from 'node:timers/promises';

/** Thrown by {@link Deadline.race} when the time was up first. */
export class DeadlineExceeded extends Error {
  constructor(readonly budgetMs: number) {
    super(`no answer within ${budgetMs} ms`);
    this.name = 'DeadlineExceeded';
  }
}

/** One time budget for several steps, on the monotonic clock. */
export class Deadline {
  private readonly endsAt: number;

  constructor(private readonly budgetMs: number) {
    this.endsAt = performance.now() + budgetMs;
  }

  /** Never negative. */
  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.endsAt - performance.now()));
  }

  get isOver(): boolean {
    return this.remainingMs === 0;
  }

  /**
   * Settles as `work` does, or rejects with {@link DeadlineExceeded}; then the work goes on unseen, and whoever started it
   * ends it. Leaves no timer behind.
   */
  async race<T>(work: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const timeUp = delay(this.remainingMs, undefined, { signal: timer.signal }).then(() => {
      throw new DeadlineExceeded(this.budgetMs);
    });
    try {
      return await Promise.race([work, timeUp]);
    } finally {
      timer.abort();
      await Promise.allSettled([timeUp]);
    }
  }

  /** Sleeps, but not past the end. */
  async pause(ms: number): Promise<void> {
    await delay(Math.min(ms, this.remainingMs));
  }
}
