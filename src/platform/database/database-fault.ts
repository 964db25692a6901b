import { CodedError } from '../../domain/coded-error.js';

/** What the driver says when the server cannot be reached, is going away, is full, or lets a request wait too long. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'ER_ACCESS_DENIED_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'POOL_CLOSED',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);

/** A unique key refused the write; `details` names the key. */
export const DUPLICATE_KEY = 'DUPLICATE_KEY';
/** No answer, a refusal or a time-out; the same call may succeed later. */
export const DATABASE_UNAVAILABLE = 'DATABASE_UNAVAILABLE';
/** The database answered something that it should not. */
export const DATABASE_ERROR = 'DATABASE_ERROR';

/** The coded form of what TypeORM or the driver threw; our own errors pass unchanged. Messages hold no SQL and no values. */
export function databaseFault(error: unknown): CodedError {
  if (error instanceof CodedError) {
    return error;
  }
  const code = codeOf(error);
  if (code === 'ER_DUP_ENTRY') {
    const key = /for key '(?:[^'.]+\.)?([^']+)'/.exec(messageOf(error))?.[1] ?? '';
    return new CodedError(DUPLICATE_KEY, `The unique key ${key} has this value already`, {
      details: { key },
      cause: error,
      logLevel: 'info',
    });
  }
  if (UNAVAILABLE.has(code) || isDisconnected(error)) {
    return databaseUnavailable(code || 'not connected', error);
  }
  return new CodedError(DATABASE_ERROR, `The database answered ${code || 'with an unknown error'}`, { cause: error });
}

export function databaseUnavailable(reason: string, cause?: unknown): CodedError {
  return new CodedError(DATABASE_UNAVAILABLE, `The database cannot be used now: ${reason}`, {
    cause,
    retryable: true,
    logLevel: 'warn',
  });
}

/** True when the database ended the transaction for the sake of another one, so that trying again is right. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === 'ER_LOCK_DEADLOCK';
}

/** The driver's code (`ECONNREFUSED`, `ER_...`), looked for along the chain of causes; empty when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) {
    return '';
  }
  const { code, driverError, cause } = error as { code?: unknown; driverError?: unknown; cause?: unknown };
  return (typeof code === 'string' && code) || codeOf(driverError) || codeOf(cause);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function isDisconnected(error: unknown): boolean {
  const text = messageOf(error);
  return /connection is in closed state|Pool is closed|is not established|not connected/i.test(text);
}
