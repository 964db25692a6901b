import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../../config/app-config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { accessLog } from './access-log.middleware.js';
import { serveApiDocument } from './api-document.js';
import { ApiErrorFilter } from './api-error.filter.js';
import { DtoPipe } from './dto.pipe.js';
import { requestLimit, securityHeaders } from './guarded-access.js';
import { jsonBody } from './json-body.middleware.js';
import { requestId } from './request-id.middleware.js';

/** What every request of the API passes, in order. For an app that was made with `bodyParser: false`, before its init. */
export function configureHttp(app: NestExpressApplication, config: AppConfig): void {
  const { server } = config;
  const logger = app.get<Logger>(LOGGER);
  // Where a version means something, its route says which; a hash of a list would cost more than it saves.
  app.disable('etag');
  app.use(requestId(server.language), accessLog(logger), securityHeaders());
  if (server.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...server.corsOrigins],
      exposedHeaders: ['ETag', 'Location', 'Retry-After', 'x-request-id'],
    });
  }
  if (server.rateLimitPerMin > 0) {
    app.use(requestLimit(server.rateLimitPerMin));
  }
  app.use(jsonBody(server.bodyLimitKiB * 1024));
  app.useGlobalFilters(new ApiErrorFilter(logger));
  app.useGlobalPipes(new DtoPipe());
  serveApiDocument(app, config);
}
