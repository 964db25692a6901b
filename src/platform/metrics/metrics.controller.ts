import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenRoute } from '../http/route-access.decorator.js';
import { MetricsRegistry } from './metrics-registry.js';

const EXAMPLE = `# HELP sdp_build_info Which build this is
# TYPE sdp_build_info gauge
sdp_build_info{version="1.0.0",commit="0123abcd",role="mgmt"} 1
`;

@ApiTags('operation')
@OpenRoute('Prometheus has no account; the values name pipelines, never records')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsRegistry) {}

  @Get()
  @ApiOperation({ summary: 'Metrics of this process for Prometheus' })
  @ApiOkResponse({
    description: 'Prometheus exposition format',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  read(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.type(this.metrics.contentType);
    return this.metrics.scrape();
  }
}
