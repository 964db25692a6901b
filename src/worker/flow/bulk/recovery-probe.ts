import { setTimeout as delay } from 'node:timers/promises';

export interface Probed {
  isAnswering(timeoutMs: number): Promise<boolean>;
}

const PROBE_INTERVAL_MS = 1000;

/** Waits out a fault. While OpenSearch does not answer at all, one probe a second cuts the wait short. */
export class RecoveryProbe {
  private probing: Promise<boolean> | undefined;
  private answeredUntilMs = 0;

  constructor(private readonly target: Probed) {}

  /** Resolves after the delay, or when OpenSearch answers again; rejects when the signal aborts. */
  async wait(delayMs: number, isOutage: boolean, signal: AbortSignal): Promise<void> {
    if (!isOutage) {
      await delay(delayMs, undefined, { signal });
      return;
    }
    const until = performance.now() + delayMs;
    for (let left = delayMs; left > 0; left = until - performance.now()) {
      await delay(Math.min(left, PROBE_INTERVAL_MS), undefined, { signal });
      if (await this.probe()) {
        return;
      }
    }
  }

  /** One probe at a time, however many bulks wait; who asks just after a good answer gets the same one. */
  private probe(): Promise<boolean> {
    if (performance.now() < this.answeredUntilMs) {
      return Promise.resolve(true);
    }
    this.probing ??= this.target
      .isAnswering(PROBE_INTERVAL_MS)
      .then((isAnswering) => {
        this.answeredUntilMs = isAnswering ? performance.now() + PROBE_INTERVAL_MS / 2 : 0;
        return isAnswering;
      })
      .finally(() => {
        this.probing = undefined;
      });
    return this.probing;
  }
}
