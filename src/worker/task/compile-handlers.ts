import type { HandlerConfig } from '../../domain/pipeline.js';
import type { HandlerChain } from '../../stream/handler-chain.js';
import type { RecordContext } from '../flow/record-context.js';
import { TaskFault } from '../flow/task-fault.js';

/**
 * The chain of a pipeline's configured handlers, compiled once a task; undefined when there are none, and then no
 * record gets a context. A type that this build does not know ends the task: guessing would change records.
 */
export function compileHandlers(handlers: readonly HandlerConfig[]): HandlerChain<RecordContext> | undefined {
  const [first] = handlers;
  if (first) {
    const text = `Handler type "${first.type}" is not known to this worker: upgrade it, or remove the handler`;
    throw new TaskFault('HANDLER_UNKNOWN', text, false);
  }
  return undefined;
}
