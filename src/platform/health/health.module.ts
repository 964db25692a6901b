import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { healthControllerAt } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';
import { HealthService } from './health.service.js';

/** GET <base>/health, /health/live and /health/ready for each base path, and the {@link HealthRegistry} for all modules. */
@Module({})
export class HealthModule {
  /** `basePaths`: '' is the root. */
  static register({ basePaths }: { basePaths: readonly string[] }): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      // What is down is said in the answer; a line for each probe would drown the log.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [healthControllerAt(basePaths)],
      providers: [HealthRegistry, HealthService],
      exports: [HealthRegistry, HealthService],
    };
  }
}
