import { runBaseHandlers } from './base-handlers.js';
import { CancelScope } from './cancel-scope.js';
import { alreadyRunError } from './context-error.js';
import type { ContextHandler, DeferHandler } from './context-handler.js';
import type { ContextOptions, DeriveOptions } from './context-options.js';
import { runDeferHandlers } from './defer-handlers.js';
import type { HandlerChain } from './handler-chain.js';
import type { Outcome } from './outcome.js';
import { isPromiseLike } from './promise-like.js';
import { RecordCell } from './record-cell.js';
import type { RunResult } from './run-result.js';

type RunPhase = 'open' | 'running' | 'ended';

const nothing: readonly never[] = Object.freeze([]);

/**
 * Everything that belongs to the work on one record: the record, the app's state, the handlers, and the signal that
 * says when to give up. One instance a record, run once. An app extends it with fields of its own; these must not be
 * `#private`, since a derived context reads them through its parent.
 *
 * Contexts share nothing, so any number may run at the same time. A context that never runs never calls a handler, its
 * defer handlers included.
 */
export class BaseContext<TRecord, TState extends object = object> {
  /** A derived context finds its parent's here until it sets its own. */
  private cell: RecordCell<TRecord>;
  private stateLayer: TState;
  private scope: CancelScope;
  private parent: BaseContext<TRecord, TState> | undefined = undefined;
  /** Of defer handlers of contexts derived from this one. */
  private derivedErrors: Error[] | undefined = undefined;
  // Held as handlers of whatever type, so that a handler written for any context fits the context of every app.
  private baseHandlers: ContextHandler<never>[] | undefined = undefined;
  private deferHandlers: DeferHandler<never>[] | undefined = undefined;
  private phase: RunPhase = 'open';

  constructor(options: ContextOptions<TRecord, TState>) {
    this.cell = new RecordCell(options);
    this.stateLayer = options.state ?? ({} as TState);
    this.scope = new CancelScope(undefined, options.timeoutMs);
  }

  /** Throws what the parser throws, on each read; inside a handler that fails the record. */
  get record(): TRecord {
    return this.cell.read();
  }

  /** Seen by this context and, unless they set their own, by those derived from it; never by its parent. */
  set record(record: TRecord) {
    this.cell = new RecordCell({ record });
  }

  /** The app's object itself; in a derived context a layer over it: reads fall through, writes stay in the layer. */
  get state(): TState {
    return this.stateLayer;
  }

  /** Made on first use. Aborted by the time-out, by `cancel` of this context or of an ancestor, with that reason. */
  get signal(): AbortSignal {
    return this.scope.signal;
  }

  /** The cheap question for a handler that computes for long: it needs no signal and also notices a late timer. */
  get isCancelled(): boolean {
    return this.scope.isCancelled;
  }

  /** Runs after those already added. Only before the run; later it throws. */
  addBaseHandler(handler: ContextHandler<this>): this {
    if (this.phase !== 'open') {
      throw alreadyRunError('addBaseHandler');
    }
    (this.baseHandlers ??= []).push(handler);
    return this;
  }

  /**
   * Runs before those already added, when the base handlers are through, however that came about. A handler may add one
   * for what it has just taken. Added after the run has ended, by a handler that outlived its time-out, it runs at
   * once; nobody is left to hear of its failure.
   */
  addDeferHandler(handler: DeferHandler<this>): this {
    if (this.phase === 'ended') {
      void runDeferHandlers(this, [handler], []);
    } else {
      (this.deferHandlers ??= []).push(handler);
    }
    return this;
  }

  /**
   * Runs the base handlers in order and then all defer handlers in reverse order; with a chain, as if its handlers had
   * been added before this context's own. Returns directly when every handler did, else a promise that never rejects.
   * Cancelled or timed out, the record has failed with that reason and the run does not wait for the base handler at
   * work. At the end, contexts derived from this one that are still open are cancelled. Throws when called again.
   */
  run(chain?: HandlerChain<this>): RunResult | Promise<RunResult> {
    if (this.phase !== 'open') {
      throw alreadyRunError('run');
    }
    this.phase = 'running';
    if (chain !== undefined && chain.defer.length > 0) {
      this.deferHandlers = [...chain.defer, ...(this.deferHandlers ?? nothing)];
    }
    const outcome = runBaseHandlers(
      this,
      joined(chain, this.baseHandlers as ContextHandler<this>[] | undefined),
      this.scope,
    );
    return isPromiseLike(outcome) ? outcome.then((settled) => this.finish(settled)) : this.finish(outcome);
  }

  /**
   * A context for a part of the work: sees the record, the state and an app's own fields of this one by look-up, has
   * handlers of its own, and is cancelled with it (at once, if that has already happened). Left unrun, it is released by
   * `cancel` or by the end of this context's run.
   */
  derive(options: DeriveOptions<TState> = {}): this {
    const derived = Object.create(this) as this;
    derived.scope = new CancelScope(this.scope, options.timeoutMs);
    derived.parent = this;
    derived.derivedErrors = undefined;
    derived.stateLayer = Object.assign(Object.create(this.stateLayer) as TState, options.state);
    derived.baseHandlers = undefined;
    derived.deferHandlers = undefined;
    derived.phase = 'open';
    return derived;
  }

  /**
   * Ends the work of this context and of all derived from it, not of its parent. The first reason counts and is found
   * in `signal.reason`. Before the run: no base handler runs. While defer handlers run, or later: they are unaffected.
   */
  cancel(reason?: unknown): void {
    this.scope.cancel(reason);
  }

  /** Looks again after waiting: a base handler that outlived its time-out may have added a defer handler meanwhile. */
  private finish(outcome: Outcome, errors?: Error[]): RunResult | Promise<RunResult> {
    if (this.deferHandlers === undefined || this.deferHandlers.length === 0) {
      return this.end(outcome, errors);
    }
    const failures = errors ?? [];
    const done = runDeferHandlers(this, this.deferHandlers as DeferHandler<this>[], failures);
    return isPromiseLike(done) ? done.then(() => this.finish(outcome, failures)) : this.end(outcome, failures);
  }

  private end(outcome: Outcome, own: readonly Error[] = nothing): RunResult {
    this.phase = 'ended';
    this.scope.end();
    const deferErrors = this.derivedErrors === undefined ? own : [...this.derivedErrors, ...own];
    if (deferErrors.length === 0) {
      return outcome;
    }
    if (this.parent !== undefined) {
      (this.parent.derivedErrors ??= []).push(...deferErrors);
    }
    return { ...outcome, deferErrors };
  }
}

/** The usual cases, a chain alone and handlers of the context alone, copy nothing. */
function joined<TContext>(
  chain: HandlerChain<TContext> | undefined,
  own: readonly ContextHandler<TContext>[] | undefined,
): readonly ContextHandler<TContext>[] {
  if (chain === undefined) {
    return own ?? nothing;
  }
  return own === undefined ? chain.base : [...chain.base, ...own];
}
