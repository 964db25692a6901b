import type { ContextHandler, DeferHandler } from './context-handler.js';
import type { RunResult } from './run-result.js';

export interface HandlerLists<TContext> {
  readonly base: readonly ContextHandler<TContext>[];
  readonly defer?: readonly DeferHandler<TContext>[];
}

/** The part of a context that a chain needs; BaseContext has it. */
interface ChainRunner<TContext> {
  run(chain: HandlerChain<TContext>): RunResult | Promise<RunResult>;
}

/**
 * Handlers listed once and run for many records, each with a context of its own. The lists are copied, so a chain never
 * changes; it holds no state between records and may run any number of contexts at the same time.
 */
export class HandlerChain<TContext> {
  readonly base: readonly ContextHandler<TContext>[];
  readonly defer: readonly DeferHandler<TContext>[];

  constructor(lists: HandlerLists<TContext>) {
    this.base = Object.freeze([...lists.base]);
    this.defer = Object.freeze([...(lists.defer ?? [])]);
  }

  /** True when running it would do nothing: the caller can then leave out the context as well. */
  get isEmpty(): boolean {
    return this.base.length === 0 && this.defer.length === 0;
  }

  /** The same as `ctx.run(chain)`: as if the chain's handlers had been added to the context before its own. */
  run(ctx: TContext & ChainRunner<TContext>): RunResult | Promise<RunResult> {
    return ctx.run(this);
  }
}
