import type { DeferHandler } from './context-handler.js';
import type { Outcome } from './outcome.js';
import { toError } from './outcome.js';
import { isPromiseLike } from './promise-like.js';

/**
 * Empties the stack from its end: every handler runs once, one after the other, whatever became of those before it.
 * A handler may push another, which is then the next. What failed is added to `errors`, in the order in which it failed.
 * Neither throws nor rejects. A promise is returned only if a handler returned one.
 */
export function runDeferHandlers<TContext>(
  ctx: TContext,
  stack: DeferHandler<TContext>[],
  errors: Error[],
): void | Promise<void> {
  for (let handler = stack.pop(); handler !== undefined; handler = stack.pop()) {
    try {
      const answer = handler(ctx);
      if (isPromiseLike(answer)) {
        return continueAfter(answer, ctx, stack, errors);
      }
      collectFailure(answer, errors);
    } catch (thrown) {
      errors.push(toError(thrown));
    }
  }
}

async function continueAfter<TContext>(
  pending: PromiseLike<Outcome | void>,
  ctx: TContext,
  stack: DeferHandler<TContext>[],
  errors: Error[],
): Promise<void> {
  try {
    collectFailure(await pending, errors);
  } catch (thrown) {
    errors.push(toError(thrown));
  }
  await runDeferHandlers(ctx, stack, errors);
}

function collectFailure(answer: Outcome | void, errors: Error[]): void {
  if (answer?.kind === 'fail') {
    errors.push(toError(answer.error));
  }
}
