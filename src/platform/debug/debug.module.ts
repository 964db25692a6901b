import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';
import { HealthRegistry } from '../health/health-registry.js';
import { HealthService } from '../health/health.service.js';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { debugControllerAt } from './debug.controller.js';
import type { DebugPlace } from './debug-place.js';
import { DebugRegistry } from './debug-registry.js';
import { DebugReports } from './debug-reports.js';
import { DEBUG_TOKEN, DebugTokenGuard } from './debug-token.guard.js';
import { answeringLogLevelControllerAt, logLevelControllerAt } from './log-level.controller.js';
import { LogLevels } from './log-levels.js';
import { tokenPlace } from './token-place.js';

export interface DebugModuleOptions {
  config: AppConfig;
  logger: Logger;
  role: string;
  /** Paths below which the routes are for who sends `debug.token`; without that setting there are none. */
  tokenPaths: readonly string[];
}

/** What the routes below /debug tell, for every module that serves them, and those for who has the token. */
@Module({})
export class DebugModule {
  static register({ config, logger, role, tokenPaths }: DebugModuleOptions): DynamicModule {
    const hasToken = config.debug.token !== '';
    return {
      module: DebugModule,
      global: true,
      controllers: hasToken ? tokenControllers(tokenPaths) : [],
      providers: [
        { provide: DEBUG_TOKEN, useValue: config.debug.token },
        { provide: LOGGER, useValue: logger },
        { provide: LogLevelSwitch, useValue: new LogLevelSwitch(logger, config.log.logLevel) },
        ...(hasToken ? [DebugTokenGuard] : []),
        DebugRegistry,
        LogLevels,
        {
          provide: DebugReports,
          useFactory: (registry: DebugRegistry, health: HealthService, healthSources: HealthRegistry) =>
            new DebugReports({ config, role, registry, health, healthSources }),
          inject: [DebugRegistry, HealthService, HealthRegistry],
        },
      ],
      exports: [DebugRegistry, DebugReports, LogLevels],
    };
  }
}

/** The routes for callers with accounts; the module that serves them knows who may. */
export function accountControllers(place: DebugPlace): Type<object>[] {
  const change = logLevelControllerAt(place);
  return [debugControllerAt(place, () => [change]), change];
}

function tokenControllers(paths: readonly string[]): Type<object>[] {
  const place = tokenPlace(paths);
  const changes = [answeringLogLevelControllerAt(place), logLevelControllerAt(place)];
  return [debugControllerAt(place, () => changes), ...changes];
}
