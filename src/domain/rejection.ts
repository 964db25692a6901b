/** Which step of a record's way refused it. A configured handler is named by its type. */
export type RejectionStage = 'json' | `handler:${string}` | 'annotate' | 'index' | 'forward';

/** Why a record goes to the error topic: every code, and what it means. */
export const REJECTION_CODES = {
  TOMBSTONE: 'The record has no value, and the pipeline asks for tombstones to be rejected.',
  RECORD_TOO_LARGE: 'Key, value and headers together are larger than server.maxRecordMiB.',
  JSON_TOO_DEEP: 'The JSON object is nested deeper than 200 levels.',
  HANDLER_FAILED: 'A configured handler could not be applied to the record.',
  HANDLER_REJECTED: 'A configured `reject` handler refused the record.',
  DOCUMENT_ID_INVALID: 'The own __id of the record is neither a string of 1 to 512 UTF-8 bytes nor an integer.',
  INDEX_BASE_INVALID: 'The index base that the record names is not a legal name.',
  INDEX_BASE_NOT_FOUND: 'The index-base provider does not know the index base that the record names.',
  INDEX_BASE_LIMIT: 'The task already writes to as many index bases as maxIndexBasesPerTask allows.',
  DOCUMENT_REJECTED: 'OpenSearch refused the document; the reason is its own.',
  DOCUMENT_TOO_LARGE: 'OpenSearch refused a request with this document alone as too large.',
  FORWARD_REFUSED: 'Kafka refused the record on the output topic; the document is indexed.',
} as const;

export type RejectionCode = keyof typeof REJECTION_CODES;

/** An expected outcome of one record, not an exception: it ends in the error topic, with its original bytes. */
export interface Rejection {
  code: RejectionCode;
  /** In words, for people: names the fault, the value or the limit. May be long; it is cut where it is stored. */
  reason: string;
  stage: RejectionStage;
  /** Place of the handler that refused it in the pipeline's list, from 0; absent when it was none. */
  handlerIndex?: number;
  /** HTTP status of the item that OpenSearch refused; absent when it was not asked. */
  status?: number;
  /** Alias or index the document was meant for; absent when that was not decided yet. */
  index?: string;
  /** Absent when the record had no document id yet. */
  documentId?: string;
  /** True when the document is in OpenSearch all the same (a refusal while forwarding). */
  indexed?: boolean;
}
