/** The same numbers for the same seed (Mulberry32). */
export class SeededRandom {
  constructor(private state: number) {}

  /** At least 0, less than `limit`, whole. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Each as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let at = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    const chosen = entries.find(([, weight]) => (at -= weight) < 0);
    return (chosen ?? entries[0] ?? [])[0] as T;
  }
}
