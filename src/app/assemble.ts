import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { listenerSeparation } from '../platform/http/listener-separation.js';
import type { Logger } from '../platform/logging/logger.js';
import { NestLogger } from '../platform/logging/nest-logger.js';
import { httpMetrics } from '../platform/metrics/http-metrics.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { AppModule } from './app.module.js';
import type { BootstrapOptions } from './bootstrap.js';
import { loadHalves, type Half } from './role.js';

/** The program of this process, made but not started. */
export interface Program {
  app: NestExpressApplication;
  halves: readonly Half[];
  health: HealthRegistry;
  handler: RequestListener;
}

export async function assemble({ config, role, pipelineId }: BootstrapOptions, logger: Logger): Promise<Program> {
  const metrics = new MetricsRegistry();
  metrics.collectProcessMetrics();
  const halves = await loadHalves(role, { config, logger, metrics, pipelineId });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRole({ role, config, metrics, halves }), {
    logger: new NestLogger(logger),
    abortOnError: false,
    // The half with an API brings parsers with the configured limit; the other one reads no bodies.
    bodyParser: false,
  });
  app.disable('x-powered-by');
  app.use(httpMetrics(metrics), listenerSeparation());
  halves.forEach((half) => half.configureHttp?.(app, config));
  await app.init();
  return {
    app,
    halves,
    health: app.get(HealthRegistry),
    handler: app.getHttpAdapter().getInstance() as RequestListener,
  };
}
