import { readFileSync } from 'node:fs';

/** What Jest wrote down of one tier. */
export interface Counts {
  passed: number;
  /** Failed tests, and files that could not be run at all. */
  failed: number;
  /** Skipped and todo. */
  skipped: number;
}

interface JestJson {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** Undefined when there is no such file, or it is not whole: Jest did not come to its end. */
export function readJestResults(path: string): Counts | undefined {
  try {
    return countsOf(JSON.parse(readFileSync(path, 'utf8')) as JestJson);
  } catch {
    return undefined;
  }
}

export interface TierOutcome extends Counts {
  tier: string;
  seconds: number;
}

/** The one line that a script reads: nothing else of the output looks like it. */
export function totalLine(outcomes: readonly Counts[]): string {
  const sum = (of: (counts: Counts) => number) => outcomes.reduce((total, counts) => total + of(counts), 0);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
}

export function tierLine({ tier, passed, failed, skipped, seconds }: TierOutcome): string {
  const also = skipped === 0 ? '' : `, ${skipped} skipped`;
  return `  ${tier.padEnd(7)} ${passed} passed, ${failed} failed${also} in ${seconds.toFixed(1)} s`;
}

/** A run without a single test proves nothing, so it fails. */
export function isSuccess(outcomes: readonly Counts[]): boolean {
  return outcomes.every(({ failed }) => failed === 0) && outcomes.some(({ passed }) => passed > 0);
}

function countsOf(json: JestJson): Counts | undefined {
  const counts = {
    passed: json.numPassedTests,
    failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
    skipped: json.numPendingTests + json.numTodoTests,
  };
  return Object.values(counts).every(Number.isInteger) ? counts : undefined;
}
