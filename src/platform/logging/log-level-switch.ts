import type { ConfiguredLogLevel } from '../../config/log-config.js';
import type { Logger } from './logger.js';

export interface LogLevelStatus {
  level: ConfiguredLogLevel;
  configuredLevel: ConfiguredLogLevel;
  /** Epoch ms at which the configured level returns; absent when nothing else is planned. */
  until?: number;
}

/**
 * The level of the process's logger, changed while it runs. Whoever has to know of a change (task threads) hears of it
 * through the logger itself: its event `level-change`.
 */
export class LogLevelSwitch {
  private timer: NodeJS.Timeout | undefined;
  private until: number | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly configured: ConfiguredLogLevel,
  ) {}

  get status(): LogLevelStatus {
    return {
      level: this.logger.level as ConfiguredLogLevel,
      configuredLevel: this.configured,
      ...(this.until !== undefined && { until: this.until }),
    };
  }

  /** `forSec` absent: until the next change or restart. A change ends the time of the one before. */
  set(level: ConfiguredLogLevel, forSec?: number): void {
    clearTimeout(this.timer);
    this.until = undefined;
    if (forSec !== undefined) {
      this.until = Date.now() + forSec * 1000;
      this.timer = setTimeout(() => this.set(this.configured), forSec * 1000).unref();
    }
    this.apply(level, forSec);
  }

  /** The line is written at the wider of the two levels, so that it is there whichever way the level went. */
  private apply(level: ConfiguredLogLevel, forSec: number | undefined): void {
    const { logger } = this;
    const fields = { logLevel: level, previousLogLevel: logger.level, ...(forSec !== undefined && { forSec }) };
    const isAudible = logger.isLevelEnabled('info');
    if (isAudible) {
      logger.info(fields, 'The log level changes');
    }
    logger.level = level;
    if (!isAudible) {
      logger.info(fields, 'The log level changes');
    }
  }
}
