import type { Outcome } from './outcome.js';

/**
 * One step of the work on a record. Steps run strictly one after the other.
 *
 * A step that needs no I/O returns its outcome directly and then costs no await. A step that waits passes `ctx.signal`
 * on to what it waits for: once the context is cancelled or timed out the record has failed, the run goes on to its
 * defer handlers without the step, and whatever the step still returns or throws is ignored.
 *
 * Throwing is a bug and becomes `fail`; an expected failure is returned as `fail(error)`.
 */
export type ContextHandler<TContext> = (ctx: TContext) => Outcome | PromiseLike<Outcome>;

/**
 * Work that must be done whatever became of the record: giving back what a step took. What it returns does not change
 * the outcome; `fail`, a throw or a rejection is listed in the run's `deferErrors`. It is not bounded by the time-out.
 */
export type DeferHandler<TContext> = (ctx: TContext) => Outcome | void | PromiseLike<Outcome | void>;
