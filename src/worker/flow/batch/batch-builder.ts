import type { DocumentBuilder } from '../../../document/document-builder.js';
import type { RecordCursor } from '../../../platform/kafka/wire/record-cursor.js';
import type { FlowTracer } from '../trace/flow-tracer.js';
import type { FlowBatch } from './flow-batch.js';

/** Takes records as they were fetched into batches, with the documents that are made of them. */
export class BatchBuilder {
  /** `tracer`: undefined while tracing is off. */
  constructor(
    private readonly documents: DocumentBuilder,
    private readonly tracer: FlowTracer | undefined,
  ) {}

  /**
   * Takes the cursor's record into the batch. Returns a promise only when something has to be waited for: nothing else
   * may be added to any batch before it has settled.
   */
  add(batch: FlowBatch, cursor: RecordCursor, partition: number): Promise<void> | undefined {
    const item = batch.append(cursor, partition);
    this.tracer?.read(batch, item, cursor);
    const value = cursor.value();
    const extraBytes = cursor.recordEnd - cursor.recordStart - (value?.length ?? 0);
    return this.documents.build(batch, item, value, extraBytes);
  }
}
