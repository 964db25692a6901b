import { errors } from '@opensearch-project/opensearch';
import { CodedError } from '../../domain/coded-error.js';

/** No answer, a refusal because it is busy or starting, or a time-out; the same call may succeed later. */
export const OPENSEARCH_UNAVAILABLE = 'OPENSEARCH_UNAVAILABLE';
/** OpenSearch answered no, or something that it should not; `details` holds status, type and reason. */
export const OPENSEARCH_ERROR = 'OPENSEARCH_ERROR';

const BUSY_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface OpenSearchErrorDetails {
  status: number;
  /** OpenSearch's own word, such as `resource_already_exists_exception`; empty when it gave none. */
  type: string;
  reason: string;
}

export function isOpenSearchError(error: unknown, type: string): boolean {
  return (
    error instanceof CodedError &&
    error.code === OPENSEARCH_ERROR &&
    (error.details as OpenSearchErrorDetails).type === type
  );
}

/** The coded form of what the client threw. */
export function openSearchFault(error: unknown, doing: string): CodedError {
  if (error instanceof CodedError) {
    return error;
  }
  if (error instanceof errors.ResponseError && !BUSY_STATUS.has(error.statusCode ?? 0)) {
    const details = detailsOf(error);
    return new CodedError(
      OPENSEARCH_ERROR,
      `OpenSearch refused while ${doing}: ${details.status} ${details.type} ${details.reason}`.trim(),
      { details, cause: error },
    );
  }
  const isAnswer = error instanceof errors.OpenSearchClientError && !(error instanceof errors.DeserializationError);
  if (isAnswer) {
    return new CodedError(OPENSEARCH_UNAVAILABLE, `OpenSearch did not answer while ${doing}: ${error.message}`, {
      retryable: true,
      logLevel: 'warn',
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new CodedError(OPENSEARCH_ERROR, `OpenSearch answered something unreadable while ${doing}: ${reason}`, {
    details: { status: 0, type: '', reason } satisfies OpenSearchErrorDetails,
    cause: error,
  });
}

function detailsOf(error: errors.ResponseError): OpenSearchErrorDetails {
  const body = error.body as { error?: { type?: unknown; reason?: unknown } | string } | undefined;
  const cause = typeof body?.error === 'object' ? body.error : undefined;
  return {
    status: error.statusCode ?? 0,
    type: typeof cause?.type === 'string' ? cause.type : '',
    reason: typeof cause?.reason === 'string' ? cause.reason.slice(0, 500) : '',
  };
}
