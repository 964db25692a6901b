import { INDEX_BASE_PATTERN } from '../domain/index-base.js';
import type { Rejection } from '../domain/rejection.js';
import type { TargetBase } from './target-base.js';

export interface BaseDirectoryOptions {
  maxBases: number;
  /** How long an unknown base is not asked for again. */
  unknownForMs: number;
}

/** Asks for a base that a record named; undefined when nobody knows it. Waits while nobody can tell. */
export type BaseLookup = (baseType: string) => Promise<TargetBase | undefined>;

export type Resolved = { base: TargetBase } | { rejection: Rejection };

/** The index bases that a task writes to: its own, and those that records named. A record never creates one. */
export class BaseDirectory {
  private readonly known = new Map<string, Resolved & { base: TargetBase }>();
  private readonly unknownUntilMs = new Map<string, number>();

  constructor(
    private readonly own: TargetBase | undefined,
    private readonly lookup: BaseLookup,
    private readonly options: BaseDirectoryOptions,
    private readonly nowMs: () => number,
  ) {}

  /** At once for the pipeline's own base and for those met before; a promise only for one that is new. */
  resolve(named: string): Resolved | Promise<Resolved> {
    if (named === '' || named === this.own?.baseType) {
      return this.own
        ? { base: this.own }
        : rejected('INDEX_BASE_INVALID', 'the record names no index base and the pipeline has none');
    }
    const known = this.known.get(named);
    if (known) {
      return known;
    }
    if (!INDEX_BASE_PATTERN.test(named)) {
      return rejected(
        'INDEX_BASE_INVALID',
        `"${named.slice(0, 100)}" is not a legal index base: ${INDEX_BASE_PATTERN.source}`,
      );
    }
    if ((this.unknownUntilMs.get(named) ?? 0) > this.nowMs()) {
      return unknown(named);
    }
    if (this.known.size >= this.options.maxBases) {
      return rejected(
        'INDEX_BASE_LIMIT',
        `${this.options.maxBases} index bases are in use (server.maxIndexBasesPerTask)`,
      );
    }
    return this.ask(named);
  }

  private async ask(named: string): Promise<Resolved> {
    const base = await this.lookup(named);
    if (!base) {
      this.forgetOldUnknown();
      this.unknownUntilMs.set(named, this.nowMs() + this.options.unknownForMs);
      return unknown(named);
    }
    const found = { base };
    this.known.set(named, found);
    return found;
  }

  /** Names come from records: what is remembered of unknown ones must not grow without bound. */
  private forgetOldUnknown(): void {
    const now = this.nowMs();
    for (const [name, until] of this.unknownUntilMs) {
      if (until <= now || this.unknownUntilMs.size > this.options.maxBases) {
        this.unknownUntilMs.delete(name);
      }
    }
  }
}

function unknown(named: string): Resolved {
  return rejected('INDEX_BASE_NOT_FOUND', `no index base "${named}" is known`);
}

function rejected(code: Rejection['code'], reason: string): Resolved {
  return { rejection: { code, reason, stage: 'annotate' } };
}
