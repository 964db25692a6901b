import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';
import { faultAt, type Place } from './health-indicator-source.js';

export interface Awaited {
  name: string;
  place?: Place;
  /** Resolves when it answers. */
  ask: () => Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2000;

/** Asks until the first answer, for as long as it takes, and says in the log what is waited for. */
export class FirstAnswer {
  private readonly stopping = new AbortController();
  private readonly faults: RepeatingFault;

  constructor(
    private readonly awaited: Awaited,
    logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** True when it answered, false when it was given up before. Never rejects. */
  async wait(): Promise<boolean> {
    const { name, place, ask } = this.awaited;
    for (let pauseMs = FIRST_PAUSE_MS; !this.stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        await ask();
        this.faults.end(name, { ...place }, `${name} answers now`);
        return true;
      } catch (error) {
        if (!this.stopping.signal.aborted) {
          this.faults.report(name, { ...place }, `Waiting for ${name}: ${faultAt(error, place)}`);
        }
      }
      await delay(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    return false;
  }

  giveUp(): void {
    this.stopping.abort();
  }
}
