import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { DebugModule } from '../platform/debug/debug.module.js';
import { HealthModule } from '../platform/health/health.module.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../platform/http/api-bases.js';
import type { Logger } from '../platform/logging/logger.js';
import { MetricsModule } from '../platform/metrics/metrics.module.js';
import type { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { type Half, type Role, servesApi } from './role.js';

export interface AppModuleOptions {
  role: Role;
  config: AppConfig;
  logger: Logger;
  metrics: MetricsRegistry;
  halves: readonly Half[];
}

/** The whole program of one process. */
@Module({})
export class AppModule {
  static forRole({ role, config, logger, metrics, halves }: AppModuleOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MetricsModule.register({ registry: metrics, enabled: config.metrics.enabled }),
        HealthModule.register({ basePaths: servesApi(role) ? ['', PUBLIC_BASE, INTERNAL_BASE] : [''] }),
        DebugModule.register({ config, logger, role, tokenPaths: servesApi(role) ? [''] : ['', PUBLIC_BASE] }),
        ...halves.map((half) => half.module),
      ],
    };
  }
}
