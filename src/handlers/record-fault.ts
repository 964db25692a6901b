import { fail, type FailOutcome } from '../stream/outcome.js';

/** A handler cannot be applied to this record. The text names the field, what its value is, and what it should be. */
export class RecordFault extends Error {}

/** The record has been refused on purpose. */
export class RecordRefusal extends Error {}

export function cannotApply(reason: string): FailOutcome {
  return fail(new RecordFault(reason));
}

export function refused(reason: string): FailOutcome {
  return fail(new RecordRefusal(reason));
}
