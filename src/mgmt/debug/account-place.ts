import { ApiBearerAuth } from '@nestjs/swagger';
import type { DebugPlace } from '../../platform/debug/debug-place.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { RequiresOperation } from '../../platform/http/route-access.decorator.js';
import { answerHeaders, ApiErrors } from '../http/api-errors.decorator.js';

/** The debug routes of the API, for accounts that hold the operation `debug` on the whole service. */
export const accountPlace: DebugPlace = {
  name: '',
  paths: [PUBLIC_BASE, INTERNAL_BASE],
  access: [RequiresOperation('debug'), ApiBearerAuth(), ApiErrors('ServiceUnavailable.Permission')],
  answerHeaders,
  bodyErrors: [
    ApiErrors(
      'InvalidParameter.RequestBody',
      'InvalidParameter.LogLevel',
      'LengthExceeded.RequestBody',
      'UnSupported.ContentType',
      'ServiceUnavailable.Permission',
    ),
  ],
};
