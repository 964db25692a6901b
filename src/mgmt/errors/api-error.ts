import { CodedError, type CodedErrorOptions } from '../../domain/coded-error.js';
import { type ErrorCode, errorRegistry } from './error-registry.js';

/** What is wrong with one field of a request. */
export interface Fault {
  code: ErrorCode;
  /** As the caller wrote it: `deployment_config.cpu_limit`, `tags`, `limit`. */
  field: string;
  fault: string;
  limit?: string;
  /** Of a test that failed: its name, what it expects there and what came, as JSON. */
  test?: string;
  expected?: string;
  actual?: string;
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

/** As `work`, for a part of a request: what it finds fault with is named by the field's place in the whole. */
export async function within<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [first, ...others] = error instanceof ApiError ? faultsOf(error) : [];
    if (!first) {
      throw error;
    }
    const placed = (fault: Fault): Fault => ({ ...fault, field: `${place}.${fault.field}` });
    throw invalidRequest([placed(first), ...others.map(placed)]);
  }
}

function faultsOf({ details }: ApiError): readonly Fault[] {
  return (details as { faults?: readonly Fault[] } | undefined)?.faults ?? [];
}
