/**
 * When a process is not ready without it. `always`: it can do nothing useful while this is down. `at_start`: it waits for
 * the first answer, and copes with an outage afterwards. `never`: it is only shown.
 */
export type Requirement = 'always' | 'at_start' | 'never';

/** One thing whose health is shown, such as a dependency. */
export interface HealthIndicatorSource {
  /** Key in the answer: lower case, such as `database`. */
  name: string;
  /** Resolves when it is well, rejects with the reason when it is not. Called by several callers at once; may be slow. */
  check: () => Promise<void>;
  requiredForReady: Requirement;
  /** Where it is and which settings say so, for those who read why it is down; absent for what is inside this process. */
  place?: Place;
}

/** No credentials: this is shown and logged. */
export interface Place {
  address: string;
  settings: readonly string[];
}

/** A fault with what a reader needs to look further. */
export function faultAt(fault: unknown, place: Place | undefined): string {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return place ? `${reason} (at ${place.address}; settings ${place.settings.join(', ')})` : reason;
}
