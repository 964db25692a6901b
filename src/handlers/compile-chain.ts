import type { BaseContext } from '../stream/base-context.js';
import type { ContextHandler } from '../stream/context-handler.js';
import { HandlerChain } from '../stream/handler-chain.js';
import { fail, type FailOutcome, next, type Outcome, stop } from '../stream/outcome.js';
import { isPromiseLike } from '../stream/promise-like.js';
import { TIME_IS_OVER } from './computing-time.js';
import { compileCondition } from './condition.js';
import type { ConfiguredHandler, OnError } from './configured-handler.js';
import { tooLarge } from './field-value.js';
import { HANDLER_TYPES } from './handler-types.js';
import type { CompileResources, HandlerResources, RecordStep } from './handler-type.js';
import { HandlerFailure } from './handler-failure.js';
import { PatternReader } from './pattern-reader.js';
import { JsonDocument } from './record/json-document.js';
import { cannotApply } from './record-fault.js';

/** The context of one record on its way through the handlers: `record` is a JSON object in bytes. */
type RecordContext = BaseContext<Buffer>;

export interface ChainOptions {
  resources: HandlerResources;
  /** A record that a handler makes larger is refused. */
  maxRecordBytes: number;
}

/**
 * The handlers of a pipeline as one chain. They share a document, so a context must be through before the next one begins.
 * A record that fails has a {@link HandlerFailure} as its error. Throws for a handler that `checkHandlers` would refuse.
 */
export function compileChain(
  handlers: readonly ConfiguredHandler[],
  { resources, maxRecordBytes }: ChainOptions,
): HandlerChain<RecordContext> {
  const document = new JsonDocument(maxRecordBytes);
  const shared = { ...resources, patterns: new PatternReader() };
  return new HandlerChain({
    base: handlers.map((handler, index) => compileHandler(handler, index, document, shared)),
  });
}

function compileHandler(
  handler: ConfiguredHandler,
  index: number,
  document: JsonDocument,
  resources: CompileResources,
): ContextHandler<RecordContext> {
  const type = HANDLER_TYPES.get(handler.type);
  if (!type) {
    throw new Error(`There is no handler type "${handler.type}"`);
  }
  const step = type.compile(handler, resources);
  const applies = handler.when && compileCondition(handler.when, resources.patterns);
  const conclude = concluding({ index, type: handler.type, onError: handler.on_error ?? 'reject' }, document);
  return (ctx) => {
    const before = ctx.record;
    if (document.bytes !== before) {
      document.open(before);
    }
    if (index === 0) {
      document.time.begin();
    } else if (document.time.isOver()) {
      return conclude(ctx, cannotApply(`the record ${TIME_IS_OVER}`));
    }
    const isMet = applies ? applies(document) : true;
    if (isMet === false) {
      return next;
    }
    const outcome = isMet === true ? attempt(step, document) : isMet;
    return isPromiseLike(outcome)
      ? Promise.resolve(outcome).then(
          (settled) => conclude(ctx, settled),
          (error: unknown) => conclude(ctx, fail(error)),
        )
      : conclude(ctx, outcome);
  };
}

/** A handler that throws is broken for this record: what it changed is undone like after a fault that it tells. */
function attempt(step: RecordStep, document: JsonDocument): Outcome | PromiseLike<Outcome> {
  try {
    return step(document);
  } catch (error) {
    return fail(error);
  }
}

interface Concluded {
  index: number;
  type: string;
  onError: OnError;
}

function concluding(handler: Concluded, document: JsonDocument) {
  return (ctx: RecordContext, outcome: Outcome): Outcome => {
    if (outcome.kind === 'stop') {
      return outcome;
    }
    if (outcome.kind === 'fail') {
      return failed(handler, document, ctx.record, outcome);
    }
    if (document.isTooLarge) {
      return failed(handler, document, ctx.record, tooLarge(document));
    }
    ctx.record = document.bytes;
    return next;
  };
}

/** A record that has taken its time is rejected whatever the handler says: those after it could not work on it either. */
function failed(
  { index, type, onError }: Concluded,
  document: JsonDocument,
  before: Buffer,
  { error }: FailOutcome,
): Outcome {
  const failure = new HandlerFailure(index, type, error);
  if (failure.isRefusal || onError === 'reject' || document.time.isOver()) {
    return fail(failure);
  }
  document.open(before);
  return onError === 'keep' ? next : stop(failure.message);
}
