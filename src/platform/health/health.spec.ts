import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import request from 'supertest';
import { waitUntil } from '../../../test/support/wait-until.js';
import { readBuildInfo } from './build-info.js';
import type { HealthIndicatorSource, Requirement } from './health-indicator-source.js';
import { HealthModule } from './health.module.js';
import { HealthRegistry } from './health-registry.js';
import { StartWait } from './start-wait.js';

const well = (name: string, requiredForReady: Requirement = 'always'): HealthIndicatorSource => ({
  name,
  requiredForReady,
  check: () => Promise.resolve(),
});
const ill = (name: string, requiredForReady: Requirement = 'always'): HealthIndicatorSource => ({
  name,
  requiredForReady,
  check: () => Promise.reject(new Error('connection refused')),
});

describe('health', () => {
  let app: NestExpressApplication;

  async function served(sources: HealthIndicatorSource[], basePaths = ['']) {
    class Root {}
    Module({ imports: [HealthModule.register({ basePaths })] })(Root);
    app = await NestFactory.create<NestExpressApplication>(Root, { logger: false });
    sources.forEach((source) => app.get(HealthRegistry).register(source));
    await app.init();
    return request(app.getHttpServer());
  }

  afterEach(() => app.close());

  it('says what runs and how each dependency is', async () => {
    const http = await served([well('database'), well('kafka')]);
    const { body, headers } = await http.get('/health').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      status: 'ok',
      name: 'flow-stream-data-pipeline',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      commit: expect.any(String),
      language: 'typescript',
      language_version: expect.stringMatching(/^Node\.js \d+.*, TypeScript \d+\.\d+/),
      os: process.platform,
      architecture: process.arch,
      details: {
        database: { status: 'up', latency_ms: expect.any(Number) },
        kafka: { status: 'up', latency_ms: expect.any(Number) },
      },
    });
  });

  it('answers 503 with the reason when something required is down', async () => {
    const http = await served([well('database'), ill('kafka')]);
    const { body } = await http.get('/health').expect(503);
    expect(body).toMatchObject({
      status: 'error',
      details: { database: { status: 'up' }, kafka: { status: 'down', message: 'connection refused' } },
    });
    await http.get('/health/ready').expect(503, { status: 'not_ready', failing: ['kafka'] });
  });

  it('is degraded but ready when something optional is down', async () => {
    const http = await served([well('database'), ill('cache', 'never')]);
    const { body } = await http.get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { cache: { status: 'down' } } });
    await http.get('/health/ready').expect(200, { status: 'ready', failing: [] });
  });

  it('waits for the first answer of what is required at the start, and does without it afterwards', async () => {
    const search = { isUp: false };
    const check = () => (search.isUp ? Promise.resolve() : Promise.reject(new Error('connection refused')));
    const http = await served([well('database'), { name: 'opensearch', requiredForReady: 'at_start', check }]);
    const wait = new StartWait(app.get(HealthRegistry), pino({ level: 'silent' }));
    wait.start();
    await http.get('/health').expect(503);
    await http.get('/health/ready').expect(503, { status: 'not_ready', failing: ['opensearch'] });

    search.isUp = true;
    await waitUntil('it answered', async () => (await http.get('/health/ready')).status === 200);
    search.isUp = false;
    await waitUntil('its outage is seen', async () => (await http.get('/health')).body.status === 'degraded');
    await http.get('/health/ready').expect(200, { status: 'ready', failing: [] });
    wait.stop();
  });

  it('tells with a fault where it happened and which settings lead there', async () => {
    const place = { address: 'search:9200', settings: ['opensearch.nodes', 'opensearch.username'] };
    const http = await served([{ ...ill('opensearch'), place }]);
    const { body } = await http.get('/health').expect(503);
    expect(body.details.opensearch.message).toBe(
      'connection refused (at search:9200; settings opensearch.nodes, opensearch.username)',
    );
  });

  it('lives whatever its dependencies do, and gives up on one that never answers', async () => {
    let asked = 0;
    const silent = {
      name: 'kafka',
      requiredForReady: 'always' as const,
      check: () => new Promise<void>(() => (asked += 1)),
    };
    const http = await served([silent]);
    await http.get('/health/live').expect(200, { status: 'alive' });
    expect(asked).toBe(0);
    const { body } = await http.get('/health').expect(503);
    expect(body.details.kafka.message).toBe('no answer within 2000 ms');
  });

  it('survives a check that throws instead of rejecting', async () => {
    const check = (): Promise<void> => {
      throw new Error('not connected');
    };
    const http = await served([{ name: 'kafka', requiredForReady: 'always', check }]);
    const { body } = await http.get('/health').expect(503);
    expect(body.details.kafka).toMatchObject({ status: 'down', message: 'not connected' });
  });

  it('is not ready once the process stops, while it still lives', async () => {
    const http = await served([well('database')]);
    await http.get('/health/ready').expect(200);
    app.get(HealthRegistry).drain();
    await http.get('/health/ready').expect(503, { status: 'not_ready', failing: ['shutting_down'] });
    await http.get('/health/live').expect(200);
  });

  it('is served below every base', async () => {
    const http = await served([], ['', '/api/x/v1']);
    await http.get('/health/live').expect(200);
    await http.get('/api/x/v1/health').expect(200);
    await http.get('/api/x/v1/health/ready').expect(200);
  });
});

describe('build info', () => {
  it('is what the build noted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'build-info-'));
    const file = join(folder, 'build-info.json');
    writeFileSync(file, JSON.stringify({ version: '1.2.3-build.4', commit: 'abc', typescript: '6.0.0' }));
    expect(readBuildInfo(undefined, pathToFileURL(file))).toEqual({
      ...{ name: 'flow-stream-data-pipeline', version: '1.2.3-build.4', commit: 'abc', typescript: '6.0.0' },
    });
    rmSync(folder, { recursive: true });
  });

  it('is unknown where nobody recorded it', () => {
    const nowhere = new URL('file:///nowhere/x.json');
    const unknown = 'unknown';
    expect(readBuildInfo(nowhere, nowhere)).toEqual({
      ...{ name: unknown, version: unknown, commit: unknown, typescript: unknown },
    });
  });
});
