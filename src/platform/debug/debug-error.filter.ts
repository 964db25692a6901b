import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { DebugError } from './debug-error.js';

/** What goes wrong otherwise is answered as everywhere in the process. */
@Catch(DebugError)
export class DebugErrorFilter implements ExceptionFilter<DebugError> {
  catch(error: DebugError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const requestId = response.getHeader('x-request-id');
    if (error.status === 401) {
      response.setHeader('WWW-Authenticate', 'Bearer');
    }
    response.status(error.status).json(error.body(requestId === undefined ? undefined : String(requestId)));
  }
}
