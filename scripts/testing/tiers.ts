export interface Tier {
  name: 'small' | 'fuzz' | 'medium' | 'e2e' | 'outage';
  /** Needs the compiled program and, unless its files show less, all services. */
  needsServices: boolean;
  /** Takes services away: it gets some of its own, and runs beside the tier before it. */
  stopsServices?: boolean;
  /** Jest processes at once; Jest's own choice when absent. */
  maxWorkers?: number;
  /** From the start of Jest to its end; later it counts as stuck. */
  deadlineMs: number;
}

/** In the order in which they run: what fails fast comes first. */
export const tiers: readonly Tier[] = [
  { name: 'small', needsServices: false, deadlineMs: 480_000 },
  { name: 'fuzz', needsServices: false, deadlineMs: 240_000 },
  { name: 'medium', needsServices: true, maxWorkers: 2, deadlineMs: 900_000 },
  // These mostly wait, so there are two of them at a time: one of each.
  { name: 'e2e', needsServices: true, maxWorkers: 1, deadlineMs: 2_700_000 },
  { name: 'outage', needsServices: true, stopsServices: true, maxWorkers: 1, deadlineMs: 2_700_000 },
];

export interface Selection {
  tiers: readonly Tier[];
  /** Patterns and options for Jest, as given. */
  jestArguments: readonly string[];
}

/** Tier names come first, everything after them is Jest's; without a tier name it is all tiers. */
export function parseSelection(words: readonly string[]): Selection {
  const isTier = (word: string) => tiers.some(({ name }) => name === word);
  const end = words.findIndex((word) => !isTier(word));
  const names = end < 0 ? words : words.slice(0, end);
  return {
    tiers: names.length === 0 ? tiers : tiers.filter(({ name }) => names.includes(name)),
    jestArguments: end < 0 ? [] : words.slice(end),
  };
}
