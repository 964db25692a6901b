import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsRegistry } from './metrics-registry.js';
import { MetricsController } from './metrics.controller.js';

export interface MetricsModuleOptions {
  registry: MetricsRegistry;
  /** False: nothing is served, but counting goes on. */
  enabled: boolean;
}

/** GET /metrics, and the registry for every other module. */
@Module({})
export class MetricsModule {
  static register({ registry, enabled }: MetricsModuleOptions): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: enabled ? [MetricsController] : [],
      providers: [{ provide: MetricsRegistry, useValue: registry }],
      exports: [MetricsRegistry],
    };
  }
}
