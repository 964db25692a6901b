import { HttpException, NotFoundException } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { DebugError, UNKNOWN_FIELD } from '../../platform/debug/debug-error.js';
import { DATABASE_ERROR, DATABASE_UNAVAILABLE } from '../../platform/database/database-fault.js';
import {
  INDEX_BASE_ERROR,
  INDEX_BASE_INVALID,
  INDEX_BASE_UNAVAILABLE,
} from '../../platform/index-base/index-base-provider.js';
import { ApiError, type Fault, invalidRequest } from '../errors/api-error.js';
import { type ErrorCode, errorRegistry, wireCode } from '../errors/error-registry.js';
import type { RequestContext } from './request-context.js';

export interface WireError {
  error_code: string;
  description: string;
  solution: string;
  error_link: string;
  error_details: object;
}

/** What the adapters throw, in the words of the API. */
const BY_PLATFORM_CODE: Readonly<Record<string, ErrorCode>> = {
  [DATABASE_ERROR]: 'InternalError.Database',
  [DATABASE_UNAVAILABLE]: 'ServiceUnavailable.Database',
  KAFKA_ERROR: 'InternalError.Kafka',
  KAFKA_UNAVAILABLE: 'ServiceUnavailable.Kafka',
  [INDEX_BASE_ERROR]: 'InternalError.IndexBase',
  [INDEX_BASE_INVALID]: 'InvalidParameter.IndexBase',
  [INDEX_BASE_UNAVAILABLE]: 'ServiceUnavailable.IndexBase',
};

/** Any exception as one of the registry's errors; what nobody foresaw is InternalError.Unexpected, without its message. */
export function toApiError(exception: unknown): ApiError {
  if (exception instanceof ApiError) {
    return exception;
  }
  if (exception instanceof CodedError) {
    const code = BY_PLATFORM_CODE[exception.code];
    return code
      ? new ApiError(code, { reason: exception.message }, { cause: exception, logLevel: exception.logLevel })
      : unexpected(exception);
  }
  if (exception instanceof DebugError) {
    return ofLevelChange(exception);
  }
  if (exception instanceof HttpException) {
    return ofFramework(exception);
  }
  return unexpected(exception);
}

export function wireError(error: ApiError, context: RequestContext): WireError {
  const texts = errorRegistry[error.code][context.language];
  return {
    error_code: wireCode(error.code),
    description: texts.description,
    solution: texts.solution,
    error_link: `/docs/errors#${wireCode(error.code)}`,
    error_details: { request_id: context.requestId, ...onWire(error.details) },
  };
}

function onWire(details: unknown): object {
  const { faults, ...others } = (details ?? {}) as { faults?: Fault[] };
  return faults
    ? { ...others, faults: faults.map(({ code, ...fault }) => ({ ...fault, error_code: wireCode(code) })) }
    : others;
}

/** The body of a change of the log level is checked where processes without an API check it, too. */
function ofLevelChange({ details }: DebugError): ApiError {
  if ('reason' in details) {
    return new ApiError('InvalidParameter.RequestBody', details);
  }
  const [first, ...others] = details.faults.map(({ field, fault }): Fault => ({
    code: fault === UNKNOWN_FIELD ? 'InvalidParameter.RequestBody' : 'InvalidParameter.LogLevel',
    field,
    fault,
  }));
  return first ? invalidRequest([first, ...others]) : new ApiError('InvalidParameter.RequestBody');
}

function ofFramework(exception: HttpException): ApiError {
  if (exception.cause instanceof URIError) {
    return new ApiError('InvalidParameter.Path', { reason: exception.message });
  }
  return exception instanceof NotFoundException ? new ApiError('NotFound.Route') : unexpected(exception);
}

function unexpected(cause: unknown): ApiError {
  return new ApiError('InternalError.Unexpected', {}, { cause, logLevel: 'error' });
}
