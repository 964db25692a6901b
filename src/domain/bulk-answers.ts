/** What an item of a `_bulk` answer means for its record. */
export type ItemOutcome =
  /** Written. */
  | 'done'
  /** A newer version is there already; only with document versions. */
  | 'superseded'
  /** Busy: send that item again. */
  | 'retry'
  /** The cluster blocks writes: send again, nothing goes to the error topic. */
  | 'blocked'
  /** The alias is not there. */
  | 'alias_missing'
  /** The credentials do not allow it: an operator has to act. */
  | 'access_denied'
  /** The document is refused and will be refused again. */
  | 'rejected';

/** What the answer of a whole `_bulk` request means. */
export type RequestOutcome =
  /** Look at the items. */
  | 'items'
  /** Too large: send it in halves. */
  | 'halve'
  /** Something in it cannot be read: look for the culprit. */
  | 'bisect'
  | 'access_denied'
  /** Busy, or nobody knows what was written: send all of it again (ids make that safe). */
  | 'resend';

export interface ItemAnswer {
  status: number;
  /** OpenSearch's error type; empty when the item succeeded. */
  errorType: string;
  /** OpenSearch's reason; empty when the item succeeded. */
  reason: string;
}

const busyStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const busyTypes: ReadonlySet<string> = new Set([
  'es_rejected_execution_exception',
  'rejected_execution_exception',
  'opensearch_rejected_execution_exception',
  'circuit_breaking_exception',
]);

/** The table of answers for one item. `hasVersion` is true when the action carried a document version. */
export function outcomeOfItem(answer: ItemAnswer, hasVersion: boolean): ItemOutcome {
  const { status, errorType } = answer;
  if (status === 200 || status === 201) {
    return 'done';
  }
  // Before the busy ones: the block of a full disk comes with 429.
  if (errorType === 'cluster_block_exception' || errorType === 'index_create_block_exception') {
    return 'blocked';
  }
  if (busyStatuses.has(status) || busyTypes.has(errorType)) {
    return 'retry';
  }
  if (status === 409 && hasVersion) {
    return 'superseded';
  }
  if (status === 401 || status === 403) {
    return 'access_denied';
  }
  if (status === 404) {
    return 'alias_missing';
  }
  return 'rejected';
}

/** The table of answers for a request. 0 stands for no usable answer: time-out, reset, refused, truncated, unparsable. */
export function outcomeOfRequest(status: number): RequestOutcome {
  if (status >= 200 && status < 300) {
    return 'items';
  }
  if (status === 413) {
    return 'halve';
  }
  if (status === 400) {
    return 'bisect';
  }
  if (status === 401 || status === 403) {
    return 'access_denied';
  }
  return 'resend';
}
