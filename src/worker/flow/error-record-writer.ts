import { encodeHeaders } from '../../platform/kafka/wire/record-headers.js';
import type { OutgoingRecord } from '../../platform/kafka/wire/record-batch.js';
import { VarintReader } from '../../platform/kafka/wire/varint.js';
import type { FlowBatch } from './batch/flow-batch.js';
import { truncateValue, truncationHeader } from '../../platform/kafka/commit/rejected-record.js';
import { errorHeaders } from './error-headers.js';

export interface ErrorRecordWriterOptions {
  pipelineId: string;
  sourceTopic: string;
  /** Of the pipeline, as the task runs it. */
  revision: number;
}

/** Makes the error record of a rejected item: the original bytes, and headers that say why it is there. */
export class ErrorRecordWriter {
  private readonly varint = new VarintReader(Buffer.alloc(0));

  constructor(private readonly options: ErrorRecordWriterOptions) {}

  write(batch: FlowBatch, item: number, nowMs: number): OutgoingRecord {
    const rejection = batch.rejections.get(item);
    if (!rejection) {
      throw new Error(`item ${item} is rejected without a reason`);
    }
    const { pipelineId, sourceTopic, revision } = this.options;
    const origin = {
      topic: sourceTopic,
      partition: batch.partition(item),
      offset: batch.offset(item),
      timestamp: batch.timestamp(item),
    };
    const headers = errorHeaders(origin, rejection, { pipelineId, revision, attempts: batch.attempts, nowMs });
    const original = batch.value(item);
    const isTruncated = batch.truncated.has(item);
    if (isTruncated) {
      headers.push(truncationHeader(original));
    }
    const raw = batch.headersToForward(item);
    this.varint.reset(raw, 0);
    const count = this.varint.read();
    return {
      timestamp: nowMs,
      key: batch.key(item),
      value: isTruncated ? truncateValue(original) : original,
      headers: raw.subarray(this.varint.position),
      moreHeaders: encodeHeaders(headers),
      headerCount: count + headers.length,
    };
  }
}
