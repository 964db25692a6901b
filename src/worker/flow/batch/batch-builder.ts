import type { Rejection } from '../../../domain/rejection.js';
import { HandlerFailure } from '../../../handlers/handler-failure.js';
import type { RecordCursor } from '../../../platform/kafka/wire/record-cursor.js';
import { MAX_DEPTH } from '../../../json/json-walk.js';
import type { HandlerChain } from '../../../stream/handler-chain.js';
import type { RunResult } from '../../../stream/run-result.js';
import type { Annotator } from '../annotate/annotator.js';
import type { EnsureJson } from '../json/ensure-json.js';
import { type JsonScanner, Scan } from '../json/json-scanner.js';
import { RecordContext } from '../record-context.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import type { BaseDirectory, Resolved } from './base-directory.js';
import type { FlowBatch } from './flow-batch.js';
import { ItemState } from './item-state.js';
import type { TargetBase } from './target-base.js';

export interface BatchBuilderParts {
  scanner: JsonScanner;
  ensureJson: EnsureJson;
  /** Undefined when the pipeline has no handlers: then no context is made. */
  chain: HandlerChain<RecordContext> | undefined;
  annotator: Annotator;
  bases: BaseDirectory;
  /** Undefined while tracing is off. */
  tracer?: FlowTracer;
}

export interface BatchBuilderOptions {
  tombstones: 'skip' | 'error';
}

/** The record's way up to the bulk body: ensure JSON, configured handlers, annotate. */
export class BatchBuilder {
  constructor(
    private readonly parts: BatchBuilderParts,
    private readonly options: BatchBuilderOptions,
  ) {}

  /**
   * Takes the cursor's record into the batch. Returns a promise only when something has to be waited for (a base that
   * nobody met before, a handler that waits): nothing else may be added to any batch before it has settled.
   */
  add(batch: FlowBatch, cursor: RecordCursor, partition: number): Promise<void> | undefined {
    const item = batch.append(cursor, partition);
    const { ensureJson, chain, tracer } = this.parts;
    tracer?.read(batch, item, cursor);
    const value = cursor.value();
    const extraBytes = cursor.recordEnd - cursor.recordStart - (value?.length ?? 0);
    const ensured = ensureJson.ensure(value, extraBytes);
    if (ensured === 'tombstone') {
      this.takeTombstone(batch, item);
      return undefined;
    }
    if (ensured === 'rejected') {
      batch.settle(item, ItemState.Rejected, ensureJson.rejection);
      return undefined;
    }
    if (ensureJson.invalidUtf8) {
      batch.invalidUtf8.add(item);
    }
    return chain ? this.runChain(chain, batch, item) : this.annotate(batch, item, ensureJson.bytes);
  }

  private takeTombstone(batch: FlowBatch, item: number): void {
    if (this.options.tombstones === 'error') {
      batch.settle(item, ItemState.Rejected, { code: 'TOMBSTONE', reason: 'the record has no value', stage: 'json' });
    } else {
      batch.settle(item, ItemState.Skipped);
    }
  }

  private runChain(chain: HandlerChain<RecordContext>, batch: FlowBatch, item: number): Promise<void> | undefined {
    const before = this.parts.ensureJson.bytes;
    const context = new RecordContext(before);
    const result = context.run(chain);
    return result instanceof Promise
      ? result.then((settled) => this.afterChain(batch, item, context, before, settled, true))
      : this.afterChain(batch, item, context, before, result, false);
  }

  private afterChain(
    batch: FlowBatch,
    item: number,
    context: RecordContext,
    before: Buffer,
    result: RunResult,
    isLate: boolean,
  ): Promise<void> | undefined {
    switch (result.kind) {
      case 'stop':
        batch.settle(item, ItemState.Dropped);
        return undefined;
      case 'fail':
        batch.settle(item, ItemState.Rejected, handlerRejection(result.error));
        return undefined;
      case 'next': {
        const bytes = context.record;
        // The scanner still holds the scan of these bytes unless they changed or others came in between.
        if ((bytes !== before || isLate) && this.parts.scanner.scan(bytes, 0, bytes.length) !== Scan.ok) {
          batch.settle(item, ItemState.Rejected, {
            code: 'HANDLER_FAILED',
            reason: `the handlers have made something that is no JSON object nested at most ${MAX_DEPTH} levels`,
            stage: 'handler:chain',
          });
          return undefined;
        }
        return this.annotate(batch, item, bytes);
      }
    }
  }

  private annotate(batch: FlowBatch, item: number, bytes: Buffer): Promise<void> | undefined {
    const { annotator, bases, scanner } = this.parts;
    const resolved = bases.resolve(annotator.prepare(bytes, scanner));
    if (resolved instanceof Promise) {
      return resolved.then((found) => {
        scanner.scan(bytes, 0, bytes.length);
        annotator.prepare(bytes, scanner);
        this.encode(batch, item, bytes, found);
      });
    }
    this.encode(batch, item, bytes, resolved);
    return undefined;
  }

  private encode(batch: FlowBatch, item: number, bytes: Buffer, resolved: Resolved): void {
    if ('rejection' in resolved) {
      batch.settle(item, ItemState.Rejected, resolved.rejection);
      return;
    }
    const { annotator } = this.parts;
    const { base } = resolved;
    batch.reserve(annotator.maxEncodedBytes(bytes.length, base));
    const lineStart = batch.bodyLength;
    const source = { partition: batch.partition(item), offset: batch.offset(item), timestamp: batch.timestamp(item) };
    const end = annotator.encode(source, base, batch.body, lineStart);
    const { encoded } = annotator;
    if (encoded.rejection) {
      batch.settle(item, ItemState.Rejected, encoded.rejection);
      return;
    }
    batch.bodyLength = end;
    batch.setDocument(item, lineStart, encoded.documentStart, encoded.documentEnd, base);
    if (encoded.hasOwnId) {
      batch.ownIds.set(item, ownIdKey(base, encoded.id, encoded.routing));
    }
    if (encoded.outputBytes) {
      batch.outputs.set(item, encoded.outputBytes);
    }
  }
}

function handlerRejection(error: Error): Rejection {
  if (!(error instanceof HandlerFailure)) {
    return { code: 'HANDLER_FAILED', reason: error.message, stage: 'handler:chain' };
  }
  const { isRefusal, type, message } = error;
  return { code: isRefusal ? 'HANDLER_REJECTED' : 'HANDLER_FAILED', reason: message, stage: `handler:${type}` };
}

/** What makes two records the same document: alias, routing and id. */
function ownIdKey(base: TargetBase, id: string, routing: string): string {
  return `${base.baseType}\u0000${routing}\u0000${id}`;
}
