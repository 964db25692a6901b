import type { CancelScope } from './cancel-scope.js';
import type { ContextHandler } from './context-handler.js';
import type { FailOutcome, Outcome } from './outcome.js';
import { fail, failedByBug, next, toOutcome } from './outcome.js';
import { isPromiseLike } from './promise-like.js';

/**
 * Runs the handlers from `first` on, strictly in order, until one stops or fails, or the scope is cancelled; with none
 * left the outcome is `next`. A promise is returned only when a handler returned one. Neither throws nor rejects.
 *
 * Once the scope is cancelled that is the outcome, even if a handler returned something else meanwhile: a handler that
 * heeds the signal and one that ignores it give the same result.
 */
export function runBaseHandlers<TContext>(
  ctx: TContext,
  handlers: readonly ContextHandler<TContext>[],
  scope: CancelScope,
  first = 0,
): Outcome | Promise<Outcome> {
  if (scope.isCancelled) {
    return cancelledOutcome(scope);
  }
  for (let index = first; index < handlers.length; index++) {
    const answer = callHandler(handlers[index], ctx);
    if (isPromiseLike(answer)) {
      return continueAfter(answer, ctx, handlers, scope, index + 1);
    }
    if (scope.isCancelled) {
      return cancelledOutcome(scope);
    }
    if (answer !== next) {
      const outcome = toOutcome(answer);
      if (outcome.kind !== 'next') {
        return outcome;
      }
    }
  }
  return next;
}

async function continueAfter<TContext>(
  pending: PromiseLike<Outcome>,
  ctx: TContext,
  handlers: readonly ContextHandler<TContext>[],
  scope: CancelScope,
  following: number,
): Promise<Outcome> {
  const outcome = await settle(pending, scope);
  return outcome.kind === 'next' ? runBaseHandlers(ctx, handlers, scope, following) : outcome;
}

async function settle(pending: PromiseLike<Outcome>, scope: CancelScope): Promise<Outcome> {
  try {
    const answer = await scope.wait(pending);
    return scope.isCancelled ? cancelledOutcome(scope) : toOutcome(answer);
  } catch (thrown) {
    return scope.isCancelled ? cancelledOutcome(scope) : failedByBug(thrown);
  }
}

/** The thenable check can throw too (a `then` that is a getter), so it belongs to the handler's part. */
function callHandler<TContext>(
  handler: ContextHandler<TContext> | undefined,
  ctx: TContext,
): Outcome | PromiseLike<Outcome> {
  try {
    return handler === undefined ? next : handler(ctx);
  } catch (thrown) {
    return failedByBug(thrown);
  }
}

function cancelledOutcome(scope: CancelScope): FailOutcome {
  return fail(scope.error);
}
