import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { type ErrorCode, errorRegistry } from '../errors/error-registry.js';
import { ErrorDto } from './error.dto.js';
import { errorAnswer, headersOf } from './error-answer.js';

/** What any route of the API may answer. */
const EVERYWHERE: readonly ErrorCode[] = [
  'InvalidParameter.QueryParameter',
  'InvalidParameter.RequestBody',
  'Unauthorized',
  'Forbidden',
  'LengthExceeded.RequestBody',
  'UnSupported.ContentType',
  'CountExceeded.Requests',
  'InternalError.Database',
  'InternalError.Permission',
  'InternalError.Unexpected',
  'ServiceUnavailable.Database',
  'ServiceUnavailable.Authentication',
  'ServiceUnavailable.Permission',
];

/** Header of every answer, for the documentation. */
export const answerHeaders = headersOf('x-request-id');

const language = { type: 'string', enum: ['en-US', 'zh-CN'], default: 'en-US' };

/** Documents the errors of a route, with the headers that every route understands. */
export function ApiErrors(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  return ApiErrorsBut({}, ...codes);
}

/** As {@link ApiErrors}, for a route that answers some codes with another status than the registry's. */
export function ApiErrorsBut(
  statusOf: Readonly<Partial<Record<ErrorCode, number>>>,
  ...codes: ErrorCode[]
): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(
    new Set([...codes, ...EVERYWHERE]),
    (code) => statusOf[code] ?? errorRegistry[code].status,
  );
  return applyDecorators(
    ApiExtraModels(ErrorDto),
    ApiHeader({
      name: 'x-request-id',
      required: false,
      description: 'Id to be used for this request; another text than this pattern allows is replaced',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$', example: 'order-4711' },
    }),
    ApiHeader({
      name: 'Accept-Language',
      required: false,
      description: 'Languages of error texts, the most wanted first; others than these count as not named',
      schema: { ...language, type: 'string' },
    }),
    ApiHeader({
      name: 'x-language',
      required: false,
      description: 'Language of error texts; wins over Accept-Language',
      schema: { ...language, type: 'string' },
    }),
    ...[...byStatus].map(([status, ofStatus]) => ApiResponse({ status, ...errorAnswer(status, ofStatus) })),
  );
}
