import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { APP_CONFIG } from '../config/app-config.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logger.js';
import type { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { SpanSink } from '../platform/tracing/finished-span.js';
import { SPAN_SINK, WORKER_PIPELINE_ID, WorkerRuntime } from './worker-runtime.js';

export interface WorkerModuleOptions {
  config: AppConfig;
  logger: Logger;
  metrics: MetricsRegistry;
  /** Run the tasks of this pipeline alone; absent: what placement gives. */
  pipelineId?: string;
  /** Where spans of the tasks go; absent while tracing is off. */
  spans?: SpanSink;
}

@Module({})
export class WorkerModule {
  static register({ config, logger, pipelineId, spans }: WorkerModuleOptions): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: APP_CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: WORKER_PIPELINE_ID, useValue: pipelineId },
        { provide: SPAN_SINK, useValue: spans },
        WorkerRuntime,
      ],
      exports: [WorkerRuntime],
    };
  }
}
