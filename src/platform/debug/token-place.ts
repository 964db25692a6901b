import { UseFilters, UseGuards } from '@nestjs/common';
import { ApiBadRequestResponse, ApiBearerAuth, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { OpenRoute } from '../http/route-access.decorator.js';
import { DebugError, type DebugErrorDetails, UNKNOWN_FIELD } from './debug-error.js';
import { DebugErrorFilter } from './debug-error.filter.js';
import type { DebugPlace } from './debug-place.js';
import { DebugTokenGuard } from './debug-token.guard.js';

/** For those who send the token of `debug.token`: where there are no accounts, and where accounts are what is wrong. */
export function tokenPlace(paths: readonly string[]): DebugPlace {
  return {
    name: 'Token',
    paths,
    access: [
      OpenRoute('its own guard asks for the token of debug.token, which no account has'),
      UseGuards(DebugTokenGuard),
      UseFilters(DebugErrorFilter),
      ApiBearerAuth('debug'),
      ApiUnauthorizedResponse(
        refusal('unauthorized', 'the token is missing, or not the one of debug.token', {
          reason: 'the token is not the right one',
        }),
      ),
    ],
    answerHeaders: {},
    bodyErrors: [
      ApiBadRequestResponse(
        refusal(
          'bad_body',
          'error_details names the fields, or the parameter that is not known (`StreamDataPipeline.InvalidParameter.QueryParameter`)',
          { faults: [{ field: 'level', fault: UNKNOWN_FIELD }] },
        ),
      ),
    ],
  };
}

const text = (description: string) => ({ type: 'string', description });
const ERROR = {
  type: 'object',
  required: ['error_code', 'description', 'solution', 'error_details'],
  properties: {
    error_code: text('Stable code, as of the errors of the API'),
    description: text('What is wrong'),
    solution: text('What to do about it'),
    error_link: text('Where the error is explained; absent where nothing but the token is asked for'),
    error_details: {
      type: 'object',
      description: 'The request id, where requests have one, and each fault or the reason',
      additionalProperties: true,
    },
  },
};

/** The documentation of a refusal. */
function refusal(kind: 'unauthorized' | 'bad_body', why: string, details: DebugErrorDetails) {
  const example = new DebugError(kind, details).body('4711');
  return {
    description: `\`${example.error_code}\`: ${why}`,
    content: { 'application/json': { schema: ERROR, example } },
  };
}
