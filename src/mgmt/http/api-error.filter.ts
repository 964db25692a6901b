import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from '../../platform/logging/logger.js';
import { contextOf } from './request-context.js';
import { toApiError, wireError } from './wire-error.js';

/** What is down is asked for again after this time at the earliest. */
const RETRY_AFTER_SEC = 5;

/** The one place where an error becomes a status, a body and, if the service is to blame, a log line. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const context = contextOf(request);
    const error = toApiError(exception);
    const { status } = error;
    if (status >= 500) {
      this.logger[error.logLevel](
        { err: error.cause ?? error, code: error.code, request_id: context.requestId },
        'A request failed',
      );
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    if (status === 503) {
      response.setHeader('Retry-After', RETRY_AFTER_SEC);
    }
    response.setHeader('x-request-id', context.requestId);
    response.setHeader('Content-Language', context.language);
    response.status(status).json(wireError(error, context));
  }
}
