import { Controller, Get, Query, Req, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { NoQuery } from '../http/no-query.dto.js';
import { ConnectionsDto } from './connections.dto.js';
import { answersOf, type DebugPlace, placed } from './debug-place.js';
import { DebugReports } from './debug-reports.js';
import { debugRoutesOf, type DebugRouteEntry } from './debug-route.js';
import { LogLevelDto } from './log-level.dto.js';
import { LogLevels } from './log-levels.js';
import { ManagementAnswerDto } from './management.dto.js';
import { ProcessDto } from './process.dto.js';
import { TasksDto } from './tasks.dto.js';

/** What can be read below /debug, for those who look after the process. */
export function debugControllerAt(place: DebugPlace, others: () => readonly Type<object>[]): Type<object> {
  const Answers = answersOf(place);

  @ApiTags('debug')
  @Controller(place.paths.map((path) => `${path}/debug`))
  class DebugController {
    constructor(
      private readonly reports: DebugReports,
      private readonly levels: LogLevels,
    ) {}

    @Get()
    @Answers('What there is to look at in this process', { schema: INDEX })
    index(@Req() request: Request, @Query() _query: NoQuery): { routes: DebugRouteEntry[] } {
      return { routes: debugRoutesOf([DebugController, ...others()], baseOf(request, place)) };
    }

    @Get('config')
    @Answers('The settings that count, without secrets, as --print-config shows them', { schema: CONFIG })
    readConfig(@Query() _query: NoQuery): unknown {
      return this.reports.config();
    }

    @Get('process')
    @Answers('Build, role, CPU, memory, and how late the event loop is', { type: ProcessDto })
    readProcess(@Query() _query: NoQuery): ProcessDto {
      return this.reports.process();
    }

    @Get('connections')
    @Answers('How this process sees its dependencies, and who is connected to it', { type: ConnectionsDto })
    readConnections(@Query() _query: NoQuery): Promise<ConnectionsDto> {
      return this.reports.connections();
    }

    @Get('tasks')
    @Answers('The threads and tasks of this process, with buffers, bulks on the way, lag and settings', {
      type: TasksDto,
    })
    readTasks(@Query() _query: NoQuery): Promise<TasksDto> {
      return this.reports.tasks();
    }

    @Get('management')
    @Answers('Callers that wait, the last run of the reconciler with its faults, reports on their way', {
      type: ManagementAnswerDto,
    })
    readManagement(@Query() _query: NoQuery): ManagementAnswerDto {
      return this.reports.management();
    }

    @Get('log-level')
    @Answers('The log level of this process', { type: LogLevelDto })
    readLevel(@Query() _query: NoQuery): LogLevelDto {
      return this.levels.now();
    }
  }
  return placed(DebugController, place);
}

/** The path under which the caller has come in. */
function baseOf({ path }: Request, { paths }: DebugPlace): string {
  return paths.find((base) => path.toLowerCase().startsWith(`${base}/debug`)) ?? '';
}

const INDEX = {
  type: 'object' as const,
  properties: {
    routes: {
      type: 'array' as const,
      description: 'In the order of the documentation',
      items: {
        type: 'object' as const,
        properties: {
          method: { type: 'string' as const, description: 'Method of the request', example: 'GET' },
          path: { type: 'string' as const, description: 'Its path', example: '/debug/config' },
          summary: {
            type: 'string' as const,
            description: 'What it does',
            example: 'The settings that count, without secrets',
          },
        },
      },
    },
  },
};
const CONFIG = {
  type: 'object' as const,
  additionalProperties: true,
  example: { server: { httpPort: 13012 }, database: { host: 'localhost', password: '******' } },
};
