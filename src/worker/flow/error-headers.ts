import type { Rejection } from '../../domain/rejection.js';
import { cutReason, headersOf, originTexts, type RejectedOrigin } from '../../platform/kafka/commit/rejected-record.js';
import type { RecordHeader } from '../../platform/kafka/wire/record-headers.js';

/** What the task knows about a rejection besides the rejection. */
export interface RejectionContext {
  pipelineId: string;
  /** Of the pipeline, as the task runs it. */
  revision: number;
  /** How often the record was tried. */
  attempts: number;
  /** Epoch ms of the error. */
  nowMs: number;
}

/** The headers that an error record gets after its own. Those that do not apply are left out, not empty. */
export function errorHeaders(origin: RejectedOrigin, rejection: Rejection, context: RejectionContext): RecordHeader[] {
  const reason = cutReason(rejection.reason);
  return headersOf([
    ['__pipeline_id', context.pipelineId],
    ['__error_code', rejection.code],
    ['__error_reason', reason],
    ['__error_stage', rejection.stage],
    ['__error_status', rejection.status],
    ['__error_index', rejection.index],
    ['__error_document_id', rejection.documentId],
    ['__error_attempts', context.attempts],
    ['__error_time', context.nowMs],
    ['__error_revision', context.revision],
    ['__error_indexed', rejection.indexed === true ? true : undefined],
    ...originTexts(origin, reason),
  ]);
}
