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
    @ApiOkResponse({ description: 'Everything required is up', ...exampled(reportSchema, reportExample('up')) })
    @ApiServiceUnavailableResponse({
      description: 'Something required is down',
      ...exampled(reportSchema, reportExample('down')),
    })
    async read(@Res({ passthrough: true }) response: Response): Promise<HealthReport> {
      const report = await this.health.report();
      response.status(report.status === 'error' ? 503 : 200);
      return report;
    }

    @Get('live')
    @Header(...NO_STORE)
    @ApiOperation({ summary: 'The process answers; asks no dependency' })
    @ApiOkResponse({ description: 'It answers', ...exampled(liveSchema, { status: 'alive' }) })
    live(): { status: 'alive' } {
      return { status: 'alive' };
    }

    @Get('ready')
    @Header(...NO_STORE)
    @ApiOperation({ summary: 'Whether requests may be sent here' })
    @ApiOkResponse({ description: 'Ready', ...exampled(readySchema, { status: 'ready', failing: [] }) })
    @ApiServiceUnavailableResponse({
      description: 'Not ready; names what is missing',
      ...exampled(readySchema, { status: 'not_ready', failing: ['database'] }),
    })
    async ready(@Res({ passthrough: true }) response: Response): Promise<ReadyReport> {
      const report = await this.health.readiness();
      response.status(report.status === 'ready' ? 200 : 503);
      return report;
    }
  }
  return HealthController;
}

const textOf = (description: string) => ({ type: 'string', description });
const detailSchema = {
  type: 'object',
  required: ['status', 'latency_ms'],
  properties: {
    status: { type: 'string', description: 'How it is', enum: ['up', 'degraded', 'down'] },
    latency_ms: { type: 'integer', description: 'Time that its answer took', example: 3 },
    message: textOf('Why it is not up; absent when it is'),
  },
};
const about = {
  name: textOf('Name of the program'),
  version: textOf('Its version'),
  commit: textOf('The commit that it was built from'),
  language: textOf('Language that it is written in'),
  language_version: textOf('Versions of runtime and compiler'),
  os: textOf('Operating system'),
  architecture: textOf('Architecture of the machine'),
};
const reportSchema = {
  type: 'object',
  required: ['status', ...Object.keys(about), 'details'],
  properties: {
    status: {
      type: 'string',
      description: 'degraded: it works, but something that is not required is down; error: something required is down',
      enum: ['ok', 'degraded', 'error'],
    },
    ...about,
    details: { type: 'object', description: 'Each dependency by name', additionalProperties: detailSchema },
  },
};
const liveSchema = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', description: 'Always the same', enum: ['alive'] } },
};
const readySchema = {
  type: 'object',
  required: ['status', 'failing'],
  properties: {
    status: { type: 'string', description: 'Whether requests may be sent here', enum: ['ready', 'not_ready'] },
    failing: {
      type: 'array',
      description: 'Names of what is missing',
      items: { type: 'string' },
      example: ['database'],
    },
  },
};

function reportExample(database: 'up' | 'down'): HealthReport {
  return {
    status: database === 'up' ? 'ok' : 'error',
    ...{ name: 'flow-stream-data-pipeline', version: '1.0.0', commit: '0123abcd' },
    ...{ language: 'typescript', language_version: 'Node.js 24.0.0, TypeScript 6.0.0' },
    ...{ os: 'linux', architecture: 'x64' },
    details: {
      database: { status: database, latency_ms: 3, ...(database === 'down' && { message: 'ECONNREFUSED' }) },
    },
  };
}

function exampled(schema: object, example: object) {
  return { content: { 'application/json': { schema, example } } };
}
