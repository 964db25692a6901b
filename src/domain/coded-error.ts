export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface CodedErrorOptions {
  /** Names the field, the value's fault, the limit or the remedy. Never a secret. */
  details?: unknown;
  cause?: unknown;
  /** True when the same call may succeed later without a change. */
  retryable?: boolean;
  logLevel?: LogLevel;
}

/** A broken promise with a stable code. HTTP status and texts are derived from the code in one filter. */
export class CodedError extends Error {
  readonly code: string;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly logLevel: LogLevel;

  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
    this.retryable = options.retryable ?? false;
    this.logLevel = options.logLevel ?? 'error';
  }
}
