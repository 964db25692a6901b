import type { Request, RequestHandler } from 'express';
import type { Logger } from '../../platform/logging/logger.js';
import { listenerOf } from '../../platform/http/listener.js';
import { isProbe } from '../../platform/http/probe-path.js';
import { contextOf } from './request-context.js';

/** One line a request, when it has been answered or given up by the caller. */
export function accessLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = request.originalUrl.split('?', 1)[0] ?? '';
    response.once('close', () => {
      const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
      const { requestId, account } = contextOf(request);
      logger[isProbe(path) ? 'debug' : 'info'](
        {
          method: request.method,
          route: routeOf(request),
          path,
          status: response.statusCode,
          duration_ms: durationMs,
          request_id: requestId,
          listener: listenerOf(request),
          ...(account && { account_id: account.id }),
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}

/** The pattern that matched; empty when none did. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '';
}
