import type { Logger } from './logger.js';

export interface RepeatingFaultOptions {
  intervalMs?: number;
  now?: () => number;
}

type FaultLevel = 'warn' | 'error';

interface Ongoing {
  fields: object;
  message: string;
  level: FaultLevel;
  loggedAt: number;
  /** Occurrences since the last line. */
  unlogged: number;
  /** It came back soon after its end: the next end has to last before it is believed. */
  isFlapping: boolean;
  /** Absent while it goes on. */
  over?: { at: number; fields: object; message: string; isLogged: boolean };
}

/** More faults than this at once have no keys worth telling apart; the oldest is forgotten. */
const MAX_ONGOING = 1000;
const MINUTE_MS = 60_000;

/**
 * Logs a fault that repeats once a minute, with the number of occurrences since the last line, and its end once. One that
 * comes and goes is logged when it first does, and then its end only after a minute of quiet.
 */
export class RepeatingFault {
  private readonly ongoing = new Map<string, Ongoing>();
  private readonly intervalMs: number;
  private readonly now: () => number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly logger: Logger,
    options: RepeatingFaultOptions = {},
  ) {
    this.intervalMs = options.intervalMs ?? MINUTE_MS;
    this.now = options.now ?? Date.now;
  }

  /** The first occurrence of `key` is logged at once. */
  report(key: string, fields: object, message: string, level: FaultLevel = 'warn'): void {
    const now = this.now();
    const known = this.ongoing.get(key);
    if (!known || known.over?.isLogged) {
      this.logger[level](fields, message);
      const isFlapping = known?.over !== undefined && now - known.over.at < this.intervalMs;
      this.remember(key, { fields, message, level, loggedAt: now, unlogged: 0, isFlapping });
      return;
    }
    Object.assign(known, { fields, message, level, over: undefined, unlogged: known.unlogged + 1 });
    if (now - known.loggedAt >= this.intervalMs) {
      this.logCount(known, now);
    } else {
      this.arm();
    }
  }

  /** Says that a reported fault is over; does nothing when there was none, so it may be called after every success. */
  end(key: string, fields: object, message: string): void {
    const known = this.ongoing.get(key);
    if (!known || known.over) {
      return;
    }
    known.over = { at: this.now(), fields, message, isLogged: false };
    if (!known.isFlapping) {
      this.logEnd(known, known.over);
    }
    this.arm();
  }

  /** {@link end} for every fault that was reported, when what they have in common works again; each is named by its message. */
  endAll(fields: object, message: string): void {
    for (const [key, { message: fault }] of this.ongoing) {
      this.end(key, { ...fields, fault }, message);
    }
  }

  /** Counts that no later occurrence would bring to light, and ends that have lasted. */
  private sweep(): void {
    const now = this.now();
    for (const [key, fault] of this.ongoing) {
      const { over } = fault;
      if (over && now - over.at >= this.intervalMs) {
        if (!over.isLogged) {
          this.logEnd(fault, over);
        }
        this.ongoing.delete(key);
      } else if (!over?.isLogged && fault.unlogged > 0 && now - fault.loggedAt >= this.intervalMs) {
        this.logCount(fault, now);
      }
    }
    if ([...this.ongoing.values()].some(({ over, unlogged }) => over !== undefined || unlogged > 0)) {
      this.arm();
    }
  }

  /** Never keeps the process alive. */
  private arm(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.sweep();
    }, this.intervalMs).unref();
  }

  private logCount(fault: Ongoing, now: number): void {
    const { fields, message, level, unlogged } = fault;
    this.logger[level]({ ...fields, occurrences: unlogged }, message);
    fault.loggedAt = now;
    fault.unlogged = 0;
  }

  private logEnd(fault: Ongoing, over: NonNullable<Ongoing['over']>): void {
    const { unlogged } = fault;
    this.logger.info({ ...over.fields, ...(unlogged > 0 && { unloggedOccurrences: unlogged }) }, over.message);
    over.isLogged = true;
    fault.unlogged = 0;
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
