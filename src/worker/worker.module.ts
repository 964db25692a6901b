import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { APP_CONFIG } from '../config/app-config.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logger.js';
import type { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { WORKER_PIPELINE_ID, WorkerRuntime } from './worker-runtime.js';

export interface WorkerModuleOptions {
  config: AppConfig;
  logger: Logger;
  metrics: MetricsRegistry;
  /** Run the tasks of this pipeline alone; absent: what placement gives. */
  pipelineId?: string;
}

@Module({})
export class WorkerModule {
  static register({ config, logger, pipelineId }: WorkerModuleOptions): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: APP_CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: WORKER_PIPELINE_ID, useValue: pipelineId },
        WorkerRuntime,
      ],
      exports: [WorkerRuntime],
    };
  }
}
