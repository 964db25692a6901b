import type { Logger } from './logger.js';

export interface RepeatingFaultOptions {
  intervalMs?: number;
  now?: () => number;
}

interface Ongoing {
  loggedAt: number;
  /** Occurrences since the last line. */
  unlogged: number;
}

/** More faults than this at once have no keys worth telling apart; the oldest is forgotten. */
const MAX_ONGOING = 1000;
const MINUTE_MS = 60_000;

/** Logs a fault that repeats once a minute, with the number of occurrences since the last line. */
export class RepeatingFault {
  private readonly ongoing = new Map<string, Ongoing>();
  private readonly intervalMs: number;
  private readonly now: () => number;

  constructor(
    private readonly logger: Logger,
    options: RepeatingFaultOptions = {},
  ) {
    this.intervalMs = options.intervalMs ?? MINUTE_MS;
    this.now = options.now ?? Date.now;
  }

  /** The first occurrence of `key` is logged at once. */
  report(key: string, fields: object, message: string, level: 'warn' | 'error' = 'warn'): void {
    const fault = this.ongoing.get(key);
    const now = this.now();
    if (fault && now - fault.loggedAt < this.intervalMs) {
      fault.unlogged += 1;
      return;
    }
    this.logger[level](fault ? { ...fields, occurrences: fault.unlogged + 1 } : fields, message);
    this.remember(key, { loggedAt: now, unlogged: 0 });
  }

  /** Says that a reported fault is over; does nothing when there was none. */
  end(key: string, fields: object, message: string): void {
    const fault = this.ongoing.get(key);
    if (this.ongoing.delete(key)) {
      this.logger.info({ ...fields, unloggedOccurrences: fault?.unlogged }, message);
    }
  }

  private remember(key: string, fault: Ongoing): void {
    this.ongoing.delete(key);
    this.ongoing.set(key, fault);
    const oldest = this.ongoing.keys().next();
    if (this.ongoing.size > MAX_ONGOING && !oldest.done) {
      this.ongoing.delete(oldest.value);
    }
  }
}
