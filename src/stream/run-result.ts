import type { Outcome } from './outcome.js';

/**
 * What became of a record: the outcome of its base handlers (`next` when all went through), and the errors of those
 * defer handlers that failed, those of derived contexts whose runs were over before this one's included, in the order in
 * which the runs ended. Without such errors the field is absent.
 */
export type RunResult = Outcome & { readonly deferErrors?: readonly Error[] };
