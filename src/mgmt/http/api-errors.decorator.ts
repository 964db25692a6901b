import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ErrorCode, errorRegistry, wireCode } from '../errors/error-registry.js';
import { ErrorDto } from './error.dto.js';

/** What any route of the API may answer. */
const EVERYWHERE: readonly ErrorCode[] = [
  'InvalidParameter.QueryParameter',
  'Unauthorized',
  'Forbidden',
  'InternalError.Database',
  'InternalError.Unexpected',
  'ServiceUnavailable.Database',
];

const requestIdHeader = {
  description: 'Id of the request: the one sent, else one made; also in the log and in error_details',
  schema: { type: 'string' as const },
};

/** Header of every answer, for the documentation. */
export const answerHeaders = { 'x-request-id': requestIdHeader };

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
    ApiHeader({ name: 'x-request-id', required: false, description: 'Id to be used for this request' }),
    ApiHeader({
      name: 'Accept-Language',
      required: false,
      description: 'Language of error texts; `x-language` says the same and wins',
      schema: { type: 'string', enum: ['en-US', 'zh-CN'], default: 'en-US' },
    }),
    ...[...byStatus].map(([status, ofStatus]) => documented(status, ofStatus)),
  );
}

function documented(status: number, codes: readonly ErrorCode[]): MethodDecorator {
  const retryAfter = { description: 'Seconds to wait before trying again', schema: { type: 'integer' as const } };
  return ApiResponse({
    status,
    description: codes.map((code) => `\`${wireCode(code)}\`: ${errorRegistry[code]['en-US'].description}`).join('\n\n'),
    headers: { ...answerHeaders, ...(status === 503 && { 'Retry-After': retryAfter }) },
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorDto) },
        examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
      },
    },
  });
}

function example(code: ErrorCode): ErrorDto {
  return {
    error_code: wireCode(code),
    ...errorRegistry[code]['en-US'],
    error_link: `/docs/errors#${wireCode(code)}`,
    error_details: { request_id: '2f1c6a52-5f0b-4b3a-9d0e-0d7f4f6f8a11' },
  };
}
