import { UseFilters, UseGuards } from '@nestjs/common';
import { ApiBadRequestResponse, ApiBearerAuth, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { OpenRoute } from '../http/route-access.decorator.js';
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
      ApiUnauthorizedResponse({ description: 'The token is missing, or not the one of debug.token' }),
    ],
    answerHeaders: {},
    bodyErrors: [ApiBadRequestResponse({ description: 'The body is not valid; error_details names the fields' })],
  };
}
