import type { Outcome } from './outcome.js';

/**
 * What became of a record: the outcome of its base handlers (`next` when all went through), and the errors of those
 * defer handlers that failed, in the order in which they ran. Without such errors the field is absent.
 */
export type RunResult = Outcome & { readonly deferErrors?: readonly Error[] };
