import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import type { LogLevelDto } from './log-level.dto.js';
import { parseLevelChange } from './parse-level-change.js';
import { readJson } from './read-json.js';

/** The log level of the process, as requests read and change it. */
@Injectable()
export class LogLevels {
  constructor(@Inject(LogLevelSwitch) private readonly levels: LogLevelSwitch) {}

  now(): LogLevelDto {
    const { level, configuredLevel, until } = this.levels.status;
    return { level, configured_level: configuredLevel, ...(until !== undefined && { until }) };
  }

  /** @throws DebugError when the body is not a change, and changes nothing then. */
  async change(request: Request): Promise<LogLevelDto> {
    const { level, seconds } = parseLevelChange(await readJson(request));
    this.levels.set(level, seconds);
    return this.now();
  }
}
