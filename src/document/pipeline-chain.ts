import type { HandlerConfig } from '../domain/pipeline.js';
import { checkHandlers } from '../handlers/check-handlers.js';
import { compileChain } from '../handlers/compile-chain.js';
import { readPath } from '../handlers/field-option.js';
import { HANDLER_TYPES } from '../handlers/handler-types.js';
import { secretsByName } from '../handlers/secrets-by-name.js';
import { JsonDocument } from '../handlers/record/json-document.js';
import type { ContextHandler } from '../stream/context-handler.js';
import { HandlerChain } from '../stream/handler-chain.js';
import { next } from '../stream/outcome.js';
import type { RecordContext } from './record-context.js';
import { UnusableHandlers } from './unusable-handlers.js';

const INDEX_BASE = '__index_base';

/** What of a pipeline decides about its chain. */
export interface HandledPipeline {
  handlers: readonly HandlerConfig[];
  useIndexBaseInData: boolean;
}

export interface PipelineChainOptions {
  /** Secrets that handlers may use, by name. */
  handlerSecrets: Readonly<Record<string, string>>;
  maxRecordBytes: number;
}

/**
 * The chain of a pipeline's configured handlers, compiled once; undefined when there are none, and then no record gets a
 * context. Throws {@link UnusableHandlers} for handlers that this process cannot apply: guessing would change records.
 */
export function pipelineChain(
  pipeline: HandledPipeline,
  { handlerSecrets, maxRecordBytes }: PipelineChainOptions,
): HandlerChain<RecordContext> | undefined {
  const { handlers } = pipeline;
  if (handlers.length === 0) {
    return undefined;
  }
  const resources = secretsByName(handlerSecrets);
  const unknown = handlers.find(({ type }) => !HANDLER_TYPES.has(type));
  if (unknown) {
    throw new UnusableHandlers('HANDLER_UNKNOWN', textOfUnknown(unknown));
  }
  const [fault] = checkHandlers(handlers, resources);
  if (fault) {
    throw new UnusableHandlers(
      'HANDLER_UNUSABLE',
      `A handler cannot be used: ${fault.field} ${fault.fault}; mend the pipeline, or the settings of this worker`,
    );
  }
  const chain = compileChain(handlers, { resources, maxRecordBytes });
  return routes(pipeline) && !pipeline.useIndexBaseInData
    ? new HandlerChain({ base: [dropProducersBase(), ...chain.base] })
    : chain;
}

/** True when records may name their index base: their producers, or a handler that routes them. */
export function namesBases(pipeline: HandledPipeline): boolean {
  return pipeline.useIndexBaseInData || routes(pipeline);
}

function routes({ handlers }: HandledPipeline): boolean {
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
