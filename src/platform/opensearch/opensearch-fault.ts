import { errors } from '@opensearch-project/opensearch';
import { CodedError } from '../../domain/coded-error.js';
import { ACCESS_REMEDY, connectionFault } from './connection-fault.js';

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
    return refusal(error, doing);
  }
  const isAnswer = error instanceof errors.OpenSearchClientError && !(error instanceof errors.DeserializationError);
  if (isAnswer) {
    return new CodedError(OPENSEARCH_UNAVAILABLE, `OpenSearch did not answer while ${doing}: ${silenceOf(error)}`, {
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

/** Something answered that is not OpenSearch: a proxy, or another server. */
export function strangeAnswer(status: number, doing: string, cause?: unknown): CodedError {
  const reason = `status ${status}, and the body is not JSON`;
  return new CodedError(
    OPENSEARCH_ERROR,
    `What answered while ${doing} does not look like OpenSearch (${reason}): check host, port, path and http or https in opensearch.nodes`,
    { details: { status, type: '', reason } satisfies OpenSearchErrorDetails, cause },
  );
}

function refusal(error: errors.ResponseError, doing: string): CodedError {
  const details = detailsOf(error);
  const isDenied = details.status === 401 || details.status === 403;
  if (!isDenied && (typeof error.body !== 'object' || error.body === null)) {
    return strangeAnswer(details.status, doing, error);
  }
  const told = `${details.status} ${details.type} ${details.reason}`.trim();
  const message = isDenied
    ? `OpenSearch denies access while ${doing} (${told}): ${ACCESS_REMEDY}`
    : `OpenSearch refused while ${doing}: ${told}`;
  return new CodedError(OPENSEARCH_ERROR, message, { details, cause: error });
}

/** Of the node that was asked last. */
function silenceOf(error: errors.OpenSearchClientError): string {
  const node = (error as Partial<errors.ConnectionError>).meta?.meta?.connection?.url;
  if (!node) {
    return error.message;
  }
  if (error instanceof errors.TimeoutError || error instanceof errors.RequestAbortedError) {
    return `${node.origin}: no answer in time`;
  }
  return error instanceof errors.ResponseError
    ? `${node.origin}: status ${error.statusCode ?? 0}`
    : connectionFault((error.cause as Error | undefined) ?? error, node);
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
