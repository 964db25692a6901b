import type { DesiredTask } from '../../control/desired-task.js';
import type { HandlerConfig } from '../../domain/pipeline.js';
import { checkHandlers } from '../../handlers/check-handlers.js';
import { compileChain } from '../../handlers/compile-chain.js';
import { HANDLER_TYPES } from '../../handlers/handler-types.js';
import { readPath } from '../../handlers/field-option.js';
import { JsonDocument } from '../../handlers/record/json-document.js';
import type { ContextHandler } from '../../stream/context-handler.js';
import { HandlerChain } from '../../stream/handler-chain.js';
import { next } from '../../stream/outcome.js';
import type { RecordContext } from '../flow/record-context.js';
import { TaskFault } from '../flow/task-fault.js';
import type { TaskSettings } from './task-settings.js';

const INDEX_BASE = '__index_base';

/**
 * The chain of a pipeline's configured handlers, compiled once a task; undefined when there are none, and then no
 * record gets a context. Handlers that this process cannot apply end the task: guessing would change records.
 */
export function compileHandlers({
  desired,
  handlerSecrets,
  maxRecordBytes,
}: Pick<TaskSettings, 'desired' | 'handlerSecrets' | 'maxRecordBytes'>): HandlerChain<RecordContext> | undefined {
  const { handlers } = desired;
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
  const chain = compileChain(handlers, { resources, maxRecordBytes });
  return routes(desired) && !desired.useIndexBaseInData
    ? new HandlerChain({ base: [dropProducersBase(), ...chain.base] })
    : chain;
}

/** True when records may name their index base: their producers, or a handler that routes them. */
export function namesBases(desired: Pick<DesiredTask, 'handlers' | 'useIndexBaseInData'>): boolean {
  return desired.useIndexBaseInData || routes(desired);
}

function routes({ handlers }: Pick<DesiredTask, 'handlers'>): boolean {
  return handlers.some(({ type }) => type === 'route');
}

/** Where handlers alone may route, what a producer has written there counts for nothing. */
function dropProducersBase(): ContextHandler<RecordContext> {
  const document = new JsonDocument();
  const path = readPath('', INDEX_BASE);
  return (ctx) => {
    // A name that is spelled with escapes is the same name.
    if (ctx.record.includes(INDEX_BASE) || ctx.record.includes('\\u')) {
      document.open(ctx.record);
      document.remove(path);
      ctx.record = document.bytes;
    }
    return next;
  };
}

function textOfUnknown({ type }: HandlerConfig): string {
  return `Handler type "${type}" is not known to this worker: upgrade it, or remove the handler`;
}
