/** Wakes those who wait for something to change; what changed they look at themselves. */
export class Notifier {
  private waiting = Promise.withResolvers<void>();

  notify(): void {
    this.waiting.resolve();
    this.waiting = Promise.withResolvers<void>();
  }

  /** Resolves at the next `notify`; rejects when the signal aborts. */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.waiting.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
