import type { RequestHandler } from 'express';
import type { Logger } from '../../platform/logging/logger.js';
import { listenerOf } from '../../platform/http/listener.js';
import { isProbe } from '../../platform/http/probe-path.js';
import { contextOf } from './request-context.js';
import { requestFields, routeOf } from './request-fields.js';

/** A caller may send thousands. */
const MAX_PATH_CHARACTERS = 1000;

/** One line a request, when it has been answered or given up by the caller. */
export function accessLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = request.originalUrl.split('?', 1)[0] ?? '';
    response.once('close', () => {
      const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
      const { account, errorCode } = contextOf(request);
      logger[isProbe(path) ? 'debug' : 'info'](
        {
          ...requestFields(request),
          method: request.method,
          route: routeOf(request),
          path: path.slice(0, MAX_PATH_CHARACTERS),
          status: response.statusCode,
          durationMs,
          listener: listenerOf(request),
          ...(account && { accountId: account.id }),
          ...(errorCode !== undefined && { code: errorCode }),
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
