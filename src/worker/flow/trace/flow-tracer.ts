import { Attribute } from '../../../platform/tracing/attribute-names.js';
import type { FinishedSpan } from '../../../platform/tracing/finished-span.js';
import { OpenSpan } from '../../../platform/tracing/open-span.js';
import { randomTraceId } from '../../../platform/tracing/random-ids.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import { RecordSpan } from './record-span.js';
import { type RecordBytes, TraceHeaders } from './trace-headers.js';

/** The task whose records are followed, as spans name it. */
export interface TracedTask {
  pipelineId: string;
  taskIndex: number;
  inputTopic: string;
  consumerGroup: string;
}

export interface FlowTracerOptions {
  /** Share of the batches that are recorded though none of their records is. */
  sampleRatio: number;
  emit(spans: FinishedSpan[]): void;
  random(): number;
}

/** Bounds the memory. More records of one batch keep the parent that they came with: their trace goes on without us. */
const MAX_RECORD_SPANS = 2048;
/** Of a bulk or a commit. */
const MAX_LINKS = 64;

const OUTCOMES: Record<ItemState, string> = {
  [ItemState.Pending]: 'pending',
  [ItemState.Indexed]: 'indexed',
  [ItemState.Superseded]: 'superseded',
  [ItemState.Rejected]: 'rejected',
  [ItemState.Skipped]: 'skipped',
  [ItemState.Dropped]: 'dropped',
  [ItemState.Lost]: 'lost',
};

/**
 * Follows records whose trace is recorded through a task, and the bulks and commits that they are in. A task has none
 * while tracing is off. Spans leave when they are over; those of a run that fails are dropped with its batches.
 */
export class FlowTracer {
  private readonly headers = new TraceHeaders();
  private readonly common: FinishedSpan['attributes'];

  constructor(
    private readonly task: TracedTask,
    private readonly options: FlowTracerOptions,
  ) {
    this.common = { [Attribute.PipelineId]: task.pipelineId, [Attribute.TaskIndex]: task.taskIndex };
  }

  /** Begins the span of an item that has just been read. */
  read(batch: FlowBatch, item: number, record: RecordBytes): void {
    const { recordSpans } = batch;
    const found = recordSpans.size < MAX_RECORD_SPANS ? this.headers.find(record) : undefined;
    if (found) {
      recordSpans.set(item, new RecordSpan(found));
    }
  }

  /** Begins the span of a request; call what it returns with the status of the answer, 0 when there was none. */
  startBulk(batch: FlowBatch, items: readonly number[], bytes: number): ((status: number) => void) | undefined {
    if (!this.isTraced(batch)) {
      return undefined;
    }
    const span = batchSpan();
    for (const item of batch.recordSpans.size > 0 ? items : []) {
      const record = batch.recordSpans.get(item);
      if (record) {
        linkEachOther(span, record);
      }
    }
    const attempt = batch.attempts + 1;
    return (status) => this.endBulk(span, { documents: items.length, bytes, attempt, status });
  }

  /** Begins the span of a transaction; call what it returns with the code of the fault, if there was one. */
  startCommit(group: readonly FlowBatch[]): ((fault?: string) => void) | undefined {
    const traced = group.filter((batch) => this.isTraced(batch));
    if (traced.length === 0) {
      return undefined;
    }
    const span = batchSpan();
    for (const batch of traced) {
      batch.recordSpans.forEach((record) => linkEachOther(span, record));
    }
    const records = group.reduce((sum, batch) => sum + batch.count, 0);
    return (fault) => this.endCommit(span, records, fault);
  }

  /** Ends the spans of the records in these batches, which are committed. */
  committed(group: readonly FlowBatch[]): void {
    const spans = group.flatMap((batch) =>
      [...batch.recordSpans].map(([item, span]) => this.finished(batch, item, span)),
    );
    if (spans.length > 0) {
      this.options.emit(spans);
    }
  }

  private isTraced(batch: FlowBatch): boolean {
    batch.isPickedForTrace ??= this.options.random() < this.options.sampleRatio;
    return batch.isPickedForTrace || batch.recordSpans.size > 0;
  }

  private endBulk(
    span: OpenSpan,
    { documents, bytes, attempt, status }: { documents: number; bytes: number; attempt: number; status: number },
  ): void {
    const hasFailed = status < 200 || status >= 300;
    const attributes = {
      ...this.common,
      [Attribute.DatabaseSystem]: 'opensearch',
      [Attribute.DatabaseOperation]: 'bulk',
      [Attribute.DatabaseBatchSize]: documents,
      [Attribute.BulkBytes]: bytes,
      [Attribute.BulkAttempt]: attempt,
      ...(status > 0 && { [Attribute.HttpStatus]: status }),
      ...(hasFailed && { [Attribute.ErrorType]: status > 0 ? String(status) : 'no_answer' }),
    };
    this.options.emit([span.finish({ name: 'bulk', hasFailed, attributes })]);
  }

  private endCommit(span: OpenSpan, records: number, fault: string | undefined): void {
    const attributes = {
      ...this.common,
      ...this.messaging('commit', 'settle'),
      [Attribute.MessagingMessages]: records,
      ...(fault !== undefined && { [Attribute.ErrorType]: fault }),
    };
    this.options.emit([span.finish({ name: 'commit', hasFailed: fault !== undefined, attributes })]);
  }

  private finished(batch: FlowBatch, item: number, span: RecordSpan): FinishedSpan {
    const state = batch.state(item);
    // The code only: a reason may quote the record.
    const rejection = state === ItemState.Rejected ? batch.rejections.get(item) : undefined;
    const attributes = {
      ...this.common,
      ...this.messaging('process', 'process'),
      [Attribute.MessagingPartition]: String(batch.partition(item)),
      [Attribute.KafkaOffset]: batch.offset(item),
      [Attribute.Outcome]: OUTCOMES[state],
      ...(rejection && {
        [Attribute.ErrorType]: rejection.code,
        [Attribute.RejectionCode]: rejection.code,
        [Attribute.RejectionStage]: rejection.stage,
      }),
    };
    return span.finish({ name: `process ${this.task.inputTopic}`, hasFailed: rejection !== undefined, attributes });
  }

  private messaging(operation: string, type: string): FinishedSpan['attributes'] {
    return {
      [Attribute.MessagingSystem]: 'kafka',
      [Attribute.MessagingOperation]: operation,
      [Attribute.MessagingOperationType]: type,
      [Attribute.MessagingDestination]: this.task.inputTopic,
      [Attribute.MessagingGroup]: this.task.consumerGroup,
    };
  }
}

/** A trace of its own, since the records of a batch belong to many. */
function batchSpan(): OpenSpan {
  return new OpenSpan({ kind: 'client', traceId: randomTraceId(), traceState: '', maxLinks: MAX_LINKS });
}

/** Both ways: who looks at a record's trace finds its bulk, and the other way round. */
function linkEachOther(batch: OpenSpan, record: RecordSpan): void {
  batch.link(record);
  record.link(batch);
}
