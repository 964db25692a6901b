import { Controller, Get, Header, Inject, Put, Req, UseFilters, UseGuards } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiBody,
  ApiOkResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { parse } from 'yaml';
import type { AppConfig } from '../../config/app-config.js';
import { printConfig } from '../../config/print-config.js';
import { OpenRoute } from '../http/route-access.decorator.js';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import { DebugErrorFilter } from './debug-error.filter.js';
import { DebugRoute, type DebugRouteEntry, debugRoutesOf } from './debug-route.js';
import { DebugTokenGuard } from './debug-token.guard.js';
import { LogLevelChange, LogLevelDto } from './log-level.dto.js';
import { parseLevelChange } from './parse-level-change.js';
import { readJson } from './read-json.js';

/** Injection token of the configuration that /debug/config shows. */
export const DEBUG_CONFIG = Symbol('DEBUG_CONFIG');

const NO_STORE = ['Cache-Control', 'no-store'] as const;

/** For those who look after the process. Served by every listener, in both roles, when `debug.token` is set. */
@ApiTags('debug')
@ApiBearerAuth('debug')
@ApiUnauthorizedResponse({ description: 'The token is missing, or not the one of debug.token' })
@OpenRoute('its own guard asks for the token of debug.token, which no account has')
@UseGuards(DebugTokenGuard)
@UseFilters(DebugErrorFilter)
@Controller('debug')
export class DebugController {
  constructor(
    @Inject(DEBUG_CONFIG) private readonly config: AppConfig,
    private readonly levels: LogLevelSwitch,
  ) {}

  @Get()
  @Header(...NO_STORE)
  @DebugRoute('What there is below /debug')
  @ApiOkResponse({ schema: { properties: { routes: { type: 'array', items: { type: 'object' } } } } })
  index(): { routes: DebugRouteEntry[] } {
    return { routes: debugRoutesOf(DebugController) };
  }

  @Get('config')
  @Header(...NO_STORE)
  @DebugRoute('The settings that count, without secrets, as --print-config shows them')
  @ApiOkResponse({ schema: { type: 'object' } })
  readConfig(): unknown {
    return parse(printConfig(this.config));
  }

  @Get('log-level')
  @Header(...NO_STORE)
  @DebugRoute('The log level of this process')
  @ApiOkResponse({ type: LogLevelDto })
  readLevel(): LogLevelDto {
    return this.levelNow();
  }

  @Put('log-level')
  @Header(...NO_STORE)
  @DebugRoute('Changes the log level of this process and its task threads, for some time or until it ends')
  @ApiBody({ type: LogLevelChange })
  @ApiOkResponse({ type: LogLevelDto })
  @ApiBadRequestResponse({ description: 'The body is not valid; error_details names the fields' })
  async changeLevel(@Req() request: Request): Promise<LogLevelDto> {
    const { level, seconds } = parseLevelChange(await readJson(request));
    this.levels.set(level, seconds);
    return this.levelNow();
  }

  private levelNow(): LogLevelDto {
    const { level, configuredLevel, until } = this.levels.status;
    return { level, configured_level: configuredLevel, ...(until !== undefined && { until }) };
  }
}
