import type { HandlerConfig } from '../../domain/pipeline.js';
import { checkHandlers } from '../../handlers/check-handlers.js';
import { compileChain } from '../../handlers/compile-chain.js';
import { HANDLER_TYPES } from '../../handlers/handler-types.js';
import type { HandlerChain } from '../../stream/handler-chain.js';
import type { RecordContext } from '../flow/record-context.js';
import { TaskFault } from '../flow/task-fault.js';
import type { TaskSettings } from './task-settings.js';

/**
 * The chain of a pipeline's configured handlers, compiled once a task; undefined when there are none, and then no
 * record gets a context. Handlers that this process cannot apply end the task: guessing would change records.
 */
export function compileHandlers({
  desired: { handlers },
  handlerSecrets,
  maxRecordBytes,
}: Pick<TaskSettings, 'desired' | 'handlerSecrets' | 'maxRecordBytes'>): HandlerChain<RecordContext> | undefined {
  if (handlers.length === 0) {
    return undefined;
  }
  const resources = {
    secret: (name: string) => (Object.hasOwn(handlerSecrets, name) ? handlerSecrets[name] : undefined),
  };
  const unknown = handlers.find(({ type }) => !HANDLER_TYPES.has(type));
  if (unknown) {
    throw new TaskFault('HANDLER_UNKNOWN', textOfUnknown(unknown), false);
  }
  const [fault] = checkHandlers(handlers, resources);
  if (fault) {
    const text = `A handler cannot be used: ${fault.field} ${fault.fault}; mend the pipeline, or the settings of this worker`;
    throw new TaskFault('HANDLER_UNUSABLE', text, false);
  }
  return compileChain(handlers, { resources, maxRecordBytes });
}

function textOfUnknown({ type }: HandlerConfig): string {
  return `Handler type "${type}" is not known to this worker: upgrade it, or remove the handler`;
}
