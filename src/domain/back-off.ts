export interface BackOffOptions {
  firstMs: number;
  maxMs: number;
  /** 0 ≤ random < 1. */
  random: () => number;
}

export const USUAL_BACK_OFF = { firstMs: 100, maxMs: 30_000, random: Math.random } satisfies BackOffOptions;

/**
 * Full jitter: anything from nothing to the delay, which doubles with each attempt after the first, and never less than
 * what the server asked for.
 */
export function backOffMs(attempt: number, retryAfterMs: number, options: BackOffOptions = USUAL_BACK_OFF): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30));
  return Math.max(retryAfterMs, Math.floor(options.random() * ceiling));
}
