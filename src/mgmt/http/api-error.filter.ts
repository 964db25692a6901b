import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { alike } from '../../platform/logging/alike.js';
import type { Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { ApiError } from '../errors/api-error.js';
import { isUnread } from './json-body.middleware.js';
import { contextOf } from './request-context.js';
import { requestFields } from './request-fields.js';
import { toApiError, wireError } from './wire-error.js';

/** What is down is asked for again after this time at the earliest. */
const RETRY_AFTER_SEC = 5;

/** The one place where an error becomes a status, a body and, if the service is to blame, a log line. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly faults: RepeatingFault;

  constructor(logger: Logger) {
    this.faults = new RepeatingFault(logger);
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const context = contextOf(request);
    const error = toApiError(exception);
    const { status } = error;
    context.errorCode = error.code;
    if (status >= 500) {
      this.log(error, request);
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    if (isUnread(request)) {
      // Else the connection stays busy with the rest of a body that nobody wants, however much comes.
      response.setHeader('Connection', 'close');
    }
    if (status === 503) {
      response.setHeader('Retry-After', RETRY_AFTER_SEC);
    }
    if (status === 401) {
      response.setHeader('WWW-Authenticate', 'Bearer');
    }
    response.setHeader('x-request-id', context.requestId);
    response.setHeader('Content-Language', context.language);
    response.status(status).json(wireError(error, context));
  }

  /** While something is away every request fails of it: the access log has each one, with this code. */
  private log(error: ApiError, request: Request): void {
    const { cause, code, logLevel } = error;
    const err = cause ?? error;
    const key = `${code} ${alike(err instanceof Error ? err.message : '')}`;
    const fields = { ...requestFields(request), err, code };
    this.faults.report(key, fields, 'A request failed', logLevel === 'error' ? 'error' : 'warn');
  }
}
