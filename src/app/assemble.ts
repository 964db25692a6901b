import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../config/app-config.js';
import { readBuildInfo } from '../platform/health/build-info.js';
import { dependencyMetrics } from '../platform/health/dependency-metrics.js';
import { HealthRegistry } from '../platform/health/health-registry.js';
import { HealthService } from '../platform/health/health.service.js';
import { listenerSeparation } from '../platform/http/listener-separation.js';
import type { Logger } from '../platform/logging/logger.js';
import { NestLogger } from '../platform/logging/nest-logger.js';
import { buildMetrics } from '../platform/metrics/build-metrics.js';
import { httpMetrics } from '../platform/metrics/http-metrics.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { Tracing } from '../platform/tracing/tracing.js';
import { AppModule } from './app.module.js';
import { loadHalves, type Half, type Role } from './role.js';

export interface ProgramOptions {
  config: AppConfig;
  role: Role;
  /** With the role worker: run the tasks of this pipeline alone. */
  pipelineId?: string;
}

/** The program of this process, made but not started. */
export interface Program {
  app: NestExpressApplication;
  metrics: MetricsRegistry;
  halves: readonly Half[];
  health: HealthRegistry;
  handler: RequestListener;
}

/** All parts made and wired; nothing is connected, and nothing listens yet. `spans` is undefined while tracing is off. */
export async function assemble(
  { config, role, pipelineId }: ProgramOptions,
  logger: Logger,
  spans?: Tracing,
): Promise<Program> {
  const metrics = new MetricsRegistry();
  metrics.collectProcessMetrics();
  buildMetrics(metrics, readBuildInfo(), role);
  const halves = await loadHalves(role, { config, logger, metrics, pipelineId, spans });
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRole({ role, config, logger, metrics, halves }),
    {
      logger: new NestLogger(logger),
      abortOnError: false,
      // The half with an API brings parsers with the configured limit; the other one reads no bodies.
      bodyParser: false,
    },
  );
  app.disable('x-powered-by');
  app.use(httpMetrics(metrics), listenerSeparation());
  halves.forEach((half) => half.configureHttp?.(app, config));
  await app.init();
  dependencyMetrics(metrics, app.get(HealthService));
  return {
    ...{ app, metrics, halves },
    health: app.get(HealthRegistry),
    handler: app.getHttpAdapter().getInstance() as RequestListener,
  };
}
