import type { HandlerChain } from './handler-chain.js';
import type { RunResult } from './run-result.js';
import type { Sink } from './sink.js';
import type { Source } from './source.js';
import type { StreamLogger } from './stream-logger.js';
import type { LaneKey } from './worker-pool.js';

/** The part of a context that an app needs; BaseContext, and what extends it, has it. */
export interface AppContext<TContext> {
  run(chain: HandlerChain<TContext>): RunResult | Promise<RunResult>;
  cancel(reason?: unknown): void;
}

/** What an error sink is sent. */
export interface FailedMessage<TMessage> {
  readonly message: TMessage;
  readonly error: Error;
  /** A handler threw, or said nothing: a fault of the app rather than of the message. */
  readonly isBug: boolean;
}

/** Hears of what happens, for metrics. Called on the message's way: it must be quick and must not throw. */
export interface StreamObserver<TMessage> {
  /** A message's handlers are through; `durationMs` is the time from its turn on, the wait for it left out. */
  ended?(message: TMessage, result: RunResult, durationMs: number): void;
}

export interface StreamAppOptions<TMessage, TContext extends AppContext<TContext>> {
  source: Source<TMessage>;
  /** Takes messages that failed; the message is settled once this has it. */
  errorSink: Sink<FailedMessage<TMessage>>;
  /** What handlers write to; closed when the app ends, after the source. */
  sinks?: readonly Sink<never>[];
  /** The context of a message, made when its turn has come. */
  contextOf(message: TMessage): TContext;
  /** Its handlers, run for each message. */
  chain: HandlerChain<TContext>;
  /** Messages worked on at the same time; default 16. */
  concurrency?: number;
  /** Messages that may wait beyond these; default 64. */
  queueLimit?: number;
  /** Messages with the same key are worked on one after another; left out: no order. */
  laneOf?(message: TMessage): LaneKey | undefined;
  observer?: StreamObserver<TMessage>;
  /** Default: JSON lines on standard error. */
  logger?: StreamLogger;
  /** What of a failed message is logged; default: all of it. */
  describe?(message: TMessage): unknown;
  /** Default 2048. */
  maxLoggedCharacters?: number;
  /** Names of fields whose values are not logged. */
  maskedFields?: readonly string[];
}

/** With every default filled in. */
export type CompleteOptions<TMessage, TContext extends AppContext<TContext>> = Required<
  Omit<StreamAppOptions<TMessage, TContext>, 'laneOf'>
> &
  Pick<StreamAppOptions<TMessage, TContext>, 'laneOf'>;

export function withDefaults<TMessage, TContext extends AppContext<TContext>>(
  options: StreamAppOptions<TMessage, TContext>,
  logger: StreamLogger,
): CompleteOptions<TMessage, TContext> {
  return {
    ...{ sinks: [], concurrency: 16, queueLimit: 64, observer: {}, logger },
    ...{ describe: (message: TMessage) => message, maxLoggedCharacters: 2048, maskedFields: [] },
    ...options,
  };
}
