import { jest } from '@jest/globals';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { dependencyMetrics } from '../health/dependency-metrics.js';
import type { HealthReport } from '../health/health-report.js';
import { httpMetrics } from './http-metrics.js';
import { MetricsModule } from './metrics.module.js';
import { MetricsRegistry } from './metrics-registry.js';

describe('a scrape', () => {
  function withFlag() {
    const registry = new MetricsRegistry();
    const flag = registry.gauge({ name: 'flag', help: 'Of a dependency.' });
    return { registry, flag };
  }

  it('shows what was refreshed for it', async () => {
    const { registry, flag } = withFlag();
    registry.beforeScrape(async () => {
      await Promise.resolve();
      flag.inc();
    });
    expect(await registry.scrape()).toMatch(/^flag 1$/m);
    expect(await registry.scrape()).toMatch(/^flag 2$/m);
  });

  it('does not fail, nor wait for ever, when something cannot be refreshed', async () => {
    jest.useFakeTimers();
    const { registry, flag } = withFlag();
    registry.beforeScrape(() => Promise.reject(new Error('away')));
    registry.beforeScrape(() => new Promise(() => undefined));
    registry.beforeScrape(() => Promise.resolve(flag.set(7)));
    const text = registry.scrape();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await text).toMatch(/^flag 7$/m);
    jest.useRealTimers();
  });

  it('shows every dependency as the health checks see it, and none that is not checked any more', async () => {
    const registry = new MetricsRegistry();
    let details: Record<string, { status: 'up' | 'degraded' | 'down'; latency_ms: number }> = {};
    const checked = (names: Record<string, 'up' | 'degraded' | 'down'>) => {
      details = Object.fromEntries(Object.entries(names).map(([name, status]) => [name, { status, latency_ms: 1 }]));
    };
    dependencyMetrics(registry, { report: () => Promise.resolve({ details } as HealthReport) });
    const shown = async () => (await registry.scrape()).match(/^sdp_dependency_up\{.*$/gm);
    checked({ kafka: 'up', database: 'down', index_base: 'degraded' });
    expect(await shown()).toEqual([
      'sdp_dependency_up{dependency="kafka"} 1',
      'sdp_dependency_up{dependency="database"} 0',
      'sdp_dependency_up{dependency="index_base"} 1',
    ]);
    checked({ kafka: 'down' });
    expect(await shown()).toEqual(['sdp_dependency_up{dependency="kafka"} 0']);
  });
});

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
