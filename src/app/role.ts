import type { DynamicModule, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../config/app-config.js';
import type { Logger } from '../platform/logging/logger.js';
import type { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { SpanSink } from '../platform/tracing/finished-span.js';

export const ROLES = ['mgmt', 'worker', 'all'] as const;
export type Role = (typeof ROLES)[number];

/** What a half starts and stops beside answering requests. `stop` is also safe when `start` never ran. */
export interface Runtime {
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

export interface Half {
  name: 'mgmt' | 'worker';
  module: DynamicModule;
  runtime: Type<Runtime>;
  /** Absent for a half without an API. */
  configureHttp?: (app: NestExpressApplication, config: AppConfig) => void;
}

export interface HalfOptions {
  config: AppConfig;
  logger: Logger;
  metrics: MetricsRegistry;
  /** Run the tasks of this pipeline alone; absent: what placement gives. */
  pipelineId?: string;
  /** Where spans that task threads made go; absent while tracing is off. */
  spans?: SpanSink;
}

/** The halves of a role. A half that does not run is not even loaded: a worker needs no ORM, and each boots alone. */
export async function loadHalves(role: Role, options: HalfOptions): Promise<Half[]> {
  switch (role) {
    case 'mgmt':
      return [await loadMgmt(options)];
    case 'worker':
      return [await loadWorker(options)];
    case 'all':
      return [await loadMgmt(options), await loadWorker(options)];
  }
}

/** The halves in which the API runs. */
export function servesApi(role: Role): boolean {
  return role !== 'worker';
}

async function loadMgmt({ config, logger, metrics }: HalfOptions): Promise<Half> {
  const { MgmtModule } = await import('../mgmt/mgmt.module.js');
  const { MgmtRuntime } = await import('../mgmt/mgmt-runtime.js');
  const { configureHttp } = await import('../mgmt/http/configure-http.js');
  return {
    name: 'mgmt',
    module: MgmtModule.register({ config, logger, metrics }),
    runtime: MgmtRuntime,
    configureHttp,
  };
}

async function loadWorker(options: HalfOptions): Promise<Half> {
  const { WorkerModule } = await import('../worker/worker.module.js');
  const { WorkerRuntime } = await import('../worker/worker-runtime.js');
  return { name: 'worker', module: WorkerModule.register(options), runtime: WorkerRuntime };
}
