/** The record goes on to the next handler. */
export interface NextOutcome {
  readonly kind: 'next';
}

/** The chain ends here on purpose and without an error, for example because a filter dropped the record. */
export interface StopOutcome {
  readonly kind: 'stop';
  readonly reason: string;
}

/** The chain ends here because the record could not be processed. */
export interface FailOutcome {
  readonly kind: 'fail';
  readonly error: Error;
  /** True when a handler threw, or returned no outcome, instead of saying `fail`: count it as a fault of the program. */
  readonly isBug: boolean;
}

/** What a handler says about its record, and what a whole chain says in the end. */
export type Outcome = NextOutcome | StopOutcome | FailOutcome;

/** Always this one object, so that saying `next` costs no allocation. */
export const next: NextOutcome = Object.freeze({ kind: 'next' });

export function stop(reason: string): StopOutcome {
  return { kind: 'stop', reason };
}

/** Anything may be given, as anything may be caught; what is no Error becomes the cause of one. */
export function fail(error: unknown): FailOutcome {
  return { kind: 'fail', error: toError(error), isBug: false };
}

/** The outcome of a handler that threw or rejected. */
export function failedByBug(thrown: unknown): FailOutcome {
  return { kind: 'fail', error: toError(thrown), isBug: true };
}

/** Turns what a handler really returned into an outcome: handlers may come from code that no compiler has checked. */
export function toOutcome(returned: unknown): Outcome {
  if (returned === next) {
    return next;
  }
  return isOutcome(returned)
    ? returned
    : failedByBug(new TypeError('A handler must return next, stop(reason) or fail(error); this one returned neither.'));
}

export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) {
    return thrown;
  }
  return new Error(typeof thrown === 'string' ? thrown : 'Something that is no Error was thrown.', { cause: thrown });
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null || !('kind' in value)) {
    return false;
  }
  switch (value.kind) {
    case 'next':
    case 'stop':
      return true;
    case 'fail':
      return 'error' in value && value.error instanceof Error;
    default:
      return false;
  }
}
