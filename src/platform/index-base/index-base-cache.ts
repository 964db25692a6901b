import type { IndexBase } from '../../domain/index-base.js';

export interface CacheTimes {
  /** How long a base that exists is taken for granted. */
  foundMs: number;
  /** How long a base that does not exist is. */
  missingMs: number;
}

/** Whoever keeps the bases: a yes for a minute, a no for half of one. */
export const CACHE_TIMES: CacheTimes = { foundMs: 60_000, missingMs: 30_000 };

interface Answer {
  base: IndexBase | undefined;
  until: number;
}

/** Names come from data too, so their number is bounded; the oldest answer goes first. */
const MAX_ANSWERS = 10_000;

/** Remembers what the provider said, yes and no. Callers who ask for the same base at once share one question. */
export class IndexBaseCache {
  private readonly answers = new Map<string, Answer>();
  private readonly asking = new Map<string, Promise<IndexBase | undefined>>();

  constructor(
    private readonly ask: (baseType: string) => Promise<IndexBase | undefined>,
    private readonly times: CacheTimes,
    private readonly now: () => number,
  ) {}

  /** A question that fails is not remembered. */
  async get(baseType: string): Promise<IndexBase | undefined> {
    const known = this.answers.get(baseType);
    if (known && this.now() < known.until) {
      return known.base;
    }
    return this.refresh(baseType);
  }

  /** Asks whatever is remembered. */
  async refresh(baseType: string): Promise<IndexBase | undefined> {
    const running = this.asking.get(baseType);
    if (running) {
      return running;
    }
    const question = this.ask(baseType)
      .then((base) => this.remember(baseType, base))
      .finally(() => this.asking.delete(baseType));
    this.asking.set(baseType, question);
    return question;
  }

  forget(baseType: string): void {
    this.answers.delete(baseType);
  }

  private remember(baseType: string, base: IndexBase | undefined): IndexBase | undefined {
    const { foundMs, missingMs } = this.times;
    this.answers.delete(baseType);
    this.answers.set(baseType, { base, until: this.now() + (base ? foundMs : missingMs) });
    const oldest = this.answers.keys().next();
    if (this.answers.size > MAX_ANSWERS && !oldest.done) {
      this.answers.delete(oldest.value);
    }
    return base;
  }
}
