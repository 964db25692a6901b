import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenRoute } from '../http/route-access.decorator.js';
import type { HealthReport, ReadyReport } from './health-report.js';
import { HealthService } from './health.service.js';

const NO_STORE = ['Cache-Control', 'no-store'] as const;

/** The health routes below each of the paths ('' is the root). */
export function healthControllerAt(paths: readonly string[]): Type<object> {
  @ApiTags('operation')
  @OpenRoute('probes and load balancers have no account')
  @Controller(paths.map((path) => `${path}/health`))
  class HealthController {
    constructor(private readonly health: HealthService) {}

    @Get()
    @Header(...NO_STORE)
    @ApiOperation({ summary: 'What runs here, and how its dependencies are' })
    @ApiOkResponse({ description: 'Everything required is up', schema: reportSchema })
    @ApiServiceUnavailableResponse({ description: 'Something required is down', schema: reportSchema })
    async read(@Res({ passthrough: true }) response: Response): Promise<HealthReport> {
      const report = await this.health.report();
      response.status(report.status === 'error' ? 503 : 200);
      return report;
    }

    @Get('live')
    @Header(...NO_STORE)
    @ApiOperation({ summary: 'The process answers; asks no dependency' })
    @ApiOkResponse({ schema: { properties: { status: { type: 'string', enum: ['alive'] } } } })
    live(): { status: 'alive' } {
      return { status: 'alive' };
    }

    @Get('ready')
    @Header(...NO_STORE)
    @ApiOperation({ summary: 'Whether requests may be sent here' })
    @ApiOkResponse({ description: 'Ready', schema: readySchema })
    @ApiServiceUnavailableResponse({ description: 'Not ready; names what is missing', schema: readySchema })
    async ready(@Res({ passthrough: true }) response: Response): Promise<ReadyReport> {
      const report = await this.health.readiness();
      response.status(report.status === 'ready' ? 200 : 503);
      return report;
    }
  }
  return HealthController;
}

const text = { type: 'string' };
const detailSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['up', 'degraded', 'down'] },
    latency_ms: { type: 'integer', example: 3 },
    message: { type: 'string', description: 'Why it is not up' },
  },
};
const reportSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['ok', 'degraded', 'error'] },
    ...{
      name: text,
      version: text,
      commit: text,
      language: text,
      language_version: text,
      os: text,
      architecture: text,
    },
    details: { type: 'object', additionalProperties: detailSchema },
  },
};
const readySchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['ready', 'not_ready'] },
    failing: { type: 'array', items: text, example: ['database'] },
  },
};
