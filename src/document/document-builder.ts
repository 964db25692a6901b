import type { DocumentVersion } from '../domain/pipeline.js';
import type { Rejection } from '../domain/rejection.js';
import { HandlerFailure } from '../handlers/handler-failure.js';
import { MAX_DEPTH } from '../json/json-walk.js';
import type { HandlerChain } from '../stream/handler-chain.js';
import type { RunResult } from '../stream/run-result.js';
import { Annotator } from './annotate/annotator.js';
import type { BaseDirectory, Resolved } from './base-directory.js';
import type { DocumentBatch } from './document-batch.js';
import { EnsureJson } from './ensure/ensure-json.js';
import { JsonScanner, Scan } from './ensure/json-scanner.js';
import { RecordContext } from './record-context.js';
import type { TargetBase } from './target-base.js';

export interface DocumentBuilderOptions {
  pipelineId: string;
  /** A record's own `__index_base` decides where it goes. */
  namesBases: boolean;
  documentVersion: DocumentVersion;
  tombstones: 'skip' | 'error';
  maxRecordBytes: number;
}

/** From a record to its document, or to the reason why there is none: ensure JSON, configured handlers, annotate. */
export class DocumentBuilder {
  private readonly scanner = new JsonScanner();
  private readonly ensureJson: EnsureJson;
  private readonly annotator: Annotator;

  /** `chain`: undefined when the pipeline has no handlers; then no context is made. */
  constructor(
    private readonly chain: HandlerChain<RecordContext> | undefined,
    private readonly bases: BaseDirectory,
    private readonly options: DocumentBuilderOptions,
  ) {
    const { pipelineId, namesBases: useIndexBaseInData, documentVersion, maxRecordBytes } = options;
    this.ensureJson = new EnsureJson(this.scanner, maxRecordBytes);
    this.annotator = new Annotator({ pipelineId, useIndexBaseInData, documentVersion });
  }

  /**
   * Decides about the batch's item. `extraBytes` is the size of the record's key and headers. Returns a promise only when
   * something has to be waited for (a base that nobody met before, a handler that waits): nothing else may be given to
   * this builder before it has settled.
   */
  build(batch: DocumentBatch, item: number, value: Buffer | null, extraBytes: number): Promise<void> | undefined {
    const { chain, ensureJson } = this;
    const ensured = ensureJson.ensure(value, extraBytes);
    if (ensured === 'tombstone') {
      this.takeTombstone(batch, item);
      return undefined;
    }
    if (ensured === 'rejected') {
      batch.reject(item, ensureJson.rejection as Rejection);
      return undefined;
    }
    if (ensureJson.invalidUtf8) {
      batch.invalidUtf8.add(item);
    }
    return chain ? this.runChain(chain, batch, item) : this.annotate(batch, item, ensureJson.bytes);
  }

  private takeTombstone(batch: DocumentBatch, item: number): void {
    if (this.options.tombstones === 'error') {
      batch.reject(item, { code: 'TOMBSTONE', reason: 'the record has no value', stage: 'json' });
    } else {
      batch.skip(item);
    }
  }

  private runChain(chain: HandlerChain<RecordContext>, batch: DocumentBatch, item: number): Promise<void> | undefined {
    const before = this.ensureJson.bytes;
    const context = new RecordContext(before);
    const result = context.run(chain);
    return result instanceof Promise
      ? result.then((settled) => this.afterChain(batch, item, context, before, settled, true))
      : this.afterChain(batch, item, context, before, result, false);
  }

  private afterChain(
    batch: DocumentBatch,
    item: number,
    context: RecordContext,
    before: Buffer,
    result: RunResult,
    isLate: boolean,
  ): Promise<void> | undefined {
    switch (result.kind) {
      case 'stop':
        batch.drop(item, result.reason);
        return undefined;
      case 'fail':
        batch.reject(item, handlerRejection(result.error));
        return undefined;
      case 'next': {
        const bytes = context.record;
        // The scanner still holds the scan of these bytes unless they changed or others came in between.
        if ((bytes !== before || isLate) && this.scanner.scan(bytes, 0, bytes.length) !== Scan.ok) {
          batch.reject(item, {
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

  private annotate(batch: DocumentBatch, item: number, bytes: Buffer): Promise<void> | undefined {
    const { annotator, bases, scanner } = this;
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

  private encode(batch: DocumentBatch, item: number, bytes: Buffer, resolved: Resolved): void {
    if ('rejection' in resolved) {
      batch.reject(item, resolved.rejection);
      return;
    }
    const { annotator } = this;
    const { base } = resolved;
    batch.reserve(annotator.maxEncodedBytes(bytes.length, base));
    const lineStart = batch.bodyLength;
    const end = annotator.encode(batch.origin(item), base, batch.body, lineStart);
    const { encoded } = annotator;
    if (encoded.rejection) {
      batch.reject(item, encoded.rejection);
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
  const { index, isRefusal, type, message } = error;
  const code = isRefusal ? 'HANDLER_REJECTED' : 'HANDLER_FAILED';
  return { code, reason: message, stage: `handler:${type}`, handlerIndex: index };
}

/** What makes two records the same document: alias, routing and id. */
function ownIdKey(base: TargetBase, id: string, routing: string): string {
  return `${base.baseType}\u0000${routing}\u0000${id}`;
}
