const COUNTED = ['cpuSeconds', 'recordsIn', 'indexed', 'rejected'] as const;
/** A sample may be taken just after another one, when a task of the same thread ends: that says nothing about a rate. */
const MIN_WINDOW_SEC = 0.5;

export type Counted = Record<(typeof COUNTED)[number], number>;

/** Turns what was counted between samples into rates a second, over windows that are long enough to mean something. */
export class RateWindow {
  private seconds = 0;
  private sums = nothing();
  private rates = nothing();

  /** The rates of the last whole window, this part included when it completes one; 0 before the first. */
  add(seconds: number, counted: Counted): Counted {
    this.seconds += seconds;
    COUNTED.forEach((key) => (this.sums[key] += counted[key]));
    if (this.seconds >= MIN_WINDOW_SEC) {
      this.rates = nothing();
      COUNTED.forEach((key) => (this.rates[key] = this.sums[key] / this.seconds));
      this.seconds = 0;
      this.sums = nothing();
    }
    return this.rates;
  }
}

function nothing(): Counted {
  return { cpuSeconds: 0, recordsIn: 0, indexed: 0, rejected: 0 };
}
