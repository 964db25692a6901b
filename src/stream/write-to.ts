import type { ContextHandler } from './context-handler.js';
import { fail, next, type Outcome } from './outcome.js';
import type { Sink } from './sink.js';

/** The part of a context that writing needs; BaseContext has it. */
interface Cancellable {
  readonly signal: AbortSignal;
}

/**
 * The usual last base handler: sends what `outputOf` makes of the context, and goes on once it is acknowledged. Undefined
 * sends nothing. An output that cannot be written fails the message.
 */
export function writeTo<TContext extends Cancellable, TOutput>(
  sink: Sink<TOutput>,
  outputOf: (ctx: TContext) => TOutput | undefined,
): ContextHandler<TContext> {
  return (ctx) => {
    const output = outputOf(ctx);
    return output === undefined ? next : sent(sink, output, ctx.signal);
  };
}

async function sent<TOutput>(sink: Sink<TOutput>, output: TOutput, signal: AbortSignal): Promise<Outcome> {
  try {
    await sink.send(output, signal);
    return next;
  } catch (error) {
    return fail(error);
  }
}
