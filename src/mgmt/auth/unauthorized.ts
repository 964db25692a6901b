import { ApiError } from '../errors/api-error.js';

/** The reason speaks of the token's fault, never of its content. */
export function unauthorized(reason: string): ApiError {
  return new ApiError('Unauthorized', { reason });
}
