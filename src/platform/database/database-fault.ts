import { CodedError } from '../../domain/coded-error.js';
import { tlsFault } from '../tls/tls-fault.js';

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
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'POOL_CLOSED',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);

/** Before and after the handshake is over: a server may refuse a client's certificate later. */
const TLS_FAULT = /^(HANDSHAKE_SSL_ERROR|EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/;

/** What helps, where it is not the server's own business. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such name; correct database.host',
  ER_ACCESS_DENIED_ERROR:
    'check database.username and database.password, and database.tls.certFile and database.tls.keyFile if the account asks for a client certificate',
  ER_SECURE_TRANSPORT_REQUIRED: 'the server takes connections over TLS only; set database.tls.enabled',
  HANDSHAKE_NO_SSL_SUPPORT:
    'the server does not offer TLS; give it a certificate (ssl_cert, ssl_key), or set database.tls.enabled to false',
};

export const DATABASE_TLS_SETTINGS = { section: 'database.tls', address: 'database.host' };

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
  if (TLS_FAULT.test(code)) {
    const told = tlsFault(error as Error, 'the server', DATABASE_TLS_SETTINGS);
    return databaseUnavailable(told ?? `the TLS handshake failed (${messageOf(error)})`, error);
  }
  if (UNAVAILABLE.has(code) || isDisconnected(error)) {
    const remedy = REMEDIES[code];
    return databaseUnavailable(remedy === undefined ? code || 'not connected' : `${code} (${remedy})`, error);
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
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}

function isDisconnected(error: unknown): boolean {
  const text = messageOf(error);
  return /connection is in closed state|Pool is closed|is not established|not connected/i.test(text);
}
