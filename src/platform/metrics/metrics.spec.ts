import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { httpMetrics } from './http-metrics.js';
import { MetricsModule } from './metrics.module.js';
import { MetricsRegistry } from './metrics-registry.js';

@Controller('things')
class Things {
  @Get(':id')
  read(@Param('id') id: string): string {
    return id;
  }
}

describe('GET /metrics', () => {
  async function served(enabled: boolean) {
    const registry = new MetricsRegistry();
    registry.collectProcessMetrics();
    class Root {}
    Module({ imports: [MetricsModule.register({ registry, enabled })], controllers: [Things] })(Root);
    const app = await NestFactory.create<NestExpressApplication>(Root, { logger: false });
    app.use(httpMetrics(registry));
    return app.init();
  }

  it('serves process metrics and requests by route pattern, never by path', async () => {
    const app = await served(true);
    await request(app.getHttpServer()).get('/things/secret-1').expect(200);
    await request(app.getHttpServer()).get('/nothing/secret-2').expect(404);
    const answer = await request(app.getHttpServer()).get('/metrics').expect(200);
    await app.close();
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 1',
    );
    expect(answer.text).toContain('http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1');
    expect(answer.text).toContain('process_cpu_seconds_total');
    expect(answer.text).not.toContain('secret-');
  });

  it('serves nothing when switched off', async () => {
    const app = await served(false);
    await request(app.getHttpServer()).get('/metrics').expect(404);
    await app.close();
  });
});
