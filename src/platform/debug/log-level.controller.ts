import { applyDecorators, Controller, Header, HttpCode, Put, Query, Req, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { NoQuery } from '../http/no-query.dto.js';
import { type DebugPlace, placed } from './debug-place.js';
import { DebugRoute } from './debug-route.js';
import { LogLevelChange, LogLevelDto } from './log-level.dto.js';
import { LogLevels } from './log-levels.js';

const SUMMARY = 'Changes the log level of this process and its task threads, for some time or until it ends';

const CHANGE = {
  schema: { $ref: getSchemaPath(LogLevelChange) },
  examples: {
    forSomeTime: { summary: 'For ten minutes', value: { level: 'debug', seconds: 600 } },
    untilRestart: { summary: 'Until the next change or restart', value: { level: 'warn' } },
  },
};

/** PUT /log-level. */
export function logLevelControllerAt(place: DebugPlace): Type<object> {
  @ApiTags('debug')
  @Controller(place.paths.map((path) => `${path}/log-level`))
  class LogLevelController {
    constructor(private readonly levels: LogLevels) {}

    @Put()
    @HttpCode(204)
    @DebugRoute(SUMMARY)
    @(applyDecorators(ApiExtraModels(LogLevelChange), ApiBody(CHANGE)) as MethodDecorator)
    @ApiNoContentResponse({ description: 'It counts from now on', headers: place.answerHeaders })
    @(applyDecorators(...place.bodyErrors) as MethodDecorator)
    async change(@Req() request: Request, @Query() _query: NoQuery): Promise<void> {
      await this.levels.change(request);
    }
  }
  return placed(LogLevelController, place);
}

/** PUT /debug/log-level, which answers what counts then: for those who come with the token and not with an account. */
export function answeringLogLevelControllerAt(place: DebugPlace): Type<object> {
  @ApiTags('debug')
  @Controller(place.paths.map((path) => `${path}/debug/log-level`))
  class AnsweringLogLevelController {
    constructor(private readonly levels: LogLevels) {}

    @Put()
    @Header('Cache-Control', 'no-store')
    @DebugRoute(SUMMARY)
    @(applyDecorators(ApiExtraModels(LogLevelChange), ApiBody(CHANGE)) as MethodDecorator)
    @ApiOkResponse({ description: 'The level from now on', type: LogLevelDto, headers: place.answerHeaders })
    @(applyDecorators(...place.bodyErrors) as MethodDecorator)
    change(@Req() request: Request, @Query() _query: NoQuery): Promise<LogLevelDto> {
      return this.levels.change(request);
    }
  }
  return placed(AnsweringLogLevelController, place);
}
