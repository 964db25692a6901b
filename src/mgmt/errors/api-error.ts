import { CodedError, type CodedErrorOptions } from '../../domain/coded-error.js';
import { type ErrorCode, errorRegistry } from './error-registry.js';

/** What is wrong with one field of a request. */
export interface Fault {
  code: ErrorCode;
  /** As the caller wrote it: `deployment_config.cpu_limit`, `tags`, `limit`. */
  field: string;
  fault: string;
  limit?: string;
}

/** An outcome that a caller can read: one of the registry's codes. */
export class ApiError extends CodedError {
  override readonly code: ErrorCode;
  /** The registry's, unless the route says otherwise. */
  readonly status: number;

  constructor(code: ErrorCode, details?: object, options: CodedErrorOptions & { status?: number } = {}) {
    super(code, errorRegistry[code]['en-US'].description, { logLevel: 'info', ...options, details });
    this.code = code;
    this.status = options.status ?? errorRegistry[code].status;
  }
}

/** The code is the first fault's; all faults are in the details. */
export function invalidRequest(faults: readonly [Fault, ...Fault[]]): ApiError {
  return new ApiError(faults[0].code, { faults });
}
