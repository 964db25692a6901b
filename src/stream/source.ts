import type { ConsumerDispatchHandler } from './consumer-dispatch-handler.js';
import type { RunResult } from './run-result.js';

/**
 * Where an app's messages come from. A message is delivered again, perhaps by another process, unless it was settled and
 * the settlement was made lasting before the source was closed or the process ended.
 */
export interface Source<TMessage> {
  /**
   * Dispatches messages, one after another as fast as they are taken, until the signal is aborted: then it resolves.
   * Rejects with what keeps it from going on. Called once.
   */
  run(dispatch: ConsumerDispatchHandler<TMessage>, signal: AbortSignal): Promise<void>;

  /**
   * The message is through: everything written for it is acknowledged, or goes with it into one transaction. Called once
   * a message, in any order; a message counts as settled for good only with all that were dispatched before it on the same
   * partition. `result` says what its handlers made of it: of a message that failed, the error sink has taken it. Must not
   * throw.
   */
  settle(message: TMessage, result: RunResult): void;

  /** Makes lasting what is settled, and leaves. After `run` has ended; rejects when that could not be made sure. */
  close(): Promise<void>;
}
