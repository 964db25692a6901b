import { getSchemaPath } from '@nestjs/swagger';
import { type ErrorCode, errorCodes, errorRegistry, wireCode } from '../errors/error-registry.js';
import { ErrorDto } from './error.dto.js';

const REQUEST_ID = '2f1c6a52-5f0b-4b3a-9d0e-0d7f4f6f8a11';

/** Headers of answers, described once, for {@link headersOf}. */
export const describedHeaders = {
  'x-request-id': {
    description: 'Id of the request: the one sent, else one made; also in the log and in error_details',
    schema: { type: 'string' as const, example: REQUEST_ID },
  },
  'Content-Language': {
    description: 'Language of the texts',
    schema: { type: 'string' as const, enum: ['en-US', 'zh-CN'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before trying again',
    schema: { type: 'integer' as const, minimum: 1, example: 5 },
  },
  'WWW-Authenticate': {
    description: 'How to say who calls',
    schema: { type: 'string' as const, enum: ['Bearer'] },
  },
};

type HeaderName = keyof typeof describedHeaders;

/** Headers of an answer, for its documentation. */
export function headersOf(...names: HeaderName[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const HEADERS_BY_STATUS: Readonly<Partial<Record<number, HeaderName[]>>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The documentation of an answer that carries one of these codes. */
export function errorAnswer(status: number, codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${wireCode(code)}\`: ${errorRegistry[code]['en-US'].description}`).join('\n\n'),
    headers: headersOf('x-request-id', 'Content-Language', ...(HEADERS_BY_STATUS[status] ?? [])),
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorDto) },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** An answer with each code, to which {@link errorAnswer} refers. */
export function errorExamples(): Record<string, { value: ErrorDto }> {
  return Object.fromEntries(errorCodes.map((code) => [code, { value: exampleOf(code) }]));
}

function exampleOf(code: ErrorCode): ErrorDto {
  return {
    error_code: wireCode(code),
    ...errorRegistry[code]['en-US'],
    error_link: `/docs/errors#${wireCode(code)}`,
    error_details: { request_id: REQUEST_ID },
  };
}
