import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { DEBUG_CONFIG, DebugController } from './debug.controller.js';
import { DEBUG_TOKEN, DebugTokenGuard } from './debug-token.guard.js';

export interface DebugModuleOptions {
  config: AppConfig;
  logger: Logger;
}

/** The routes below /debug; none without `debug.token`. */
@Module({})
export class DebugModule {
  static register({ config, logger }: DebugModuleOptions): DynamicModule {
    if (config.debug.token === '') {
      return { module: DebugModule };
    }
    return {
      module: DebugModule,
      controllers: [DebugController],
      providers: [
        { provide: DEBUG_CONFIG, useValue: config },
        { provide: DEBUG_TOKEN, useValue: config.debug.token },
        { provide: LOGGER, useValue: logger },
        { provide: LogLevelSwitch, useValue: new LogLevelSwitch(logger, config.log.logLevel) },
        DebugTokenGuard,
      ],
    };
  }
}
