import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import request from 'supertest';
import { AppConfig } from '../../config/app-config.js';
import { HealthModule } from '../health/health.module.js';
import { PUBLIC_BASE } from '../http/api-bases.js';
import { markListener } from '../http/listener.js';
import type { DebugRouteEntry } from './debug-route.js';
import { DebugModule } from './debug.module.js';

const TOKEN = 'a-token-of-this-test';
const PASSWORD = 'a-password-of-this-test';

describe('debug routes', () => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  let app: NestExpressApplication;

  async function open(token: string): Promise<void> {
    const config = new AppConfig();
    Object.assign(config.debug, { token });
    Object.assign(config.database, { password: PASSWORD });
    class Root {}
    const debug = DebugModule.register({ config, logger, role: 'worker', tokenPaths: ['', PUBLIC_BASE] });
    Module({ imports: [HealthModule.register({ basePaths: [''] }), debug] })(Root);
    app = await NestFactory.create<NestExpressApplication>(Root, { logger: false, bodyParser: false });
    app.use((incoming: object, _response: unknown, next: () => void) => {
      markListener(incoming, 'internal');
      next();
    });
    await app.init();
  }

  beforeEach(() => {
    lines.length = 0;
    logger.level = 'info';
  });
  afterEach(() => app.close());

  const get = (path: string) => request(app.getHttpServer()).get(path).set('Authorization', `Bearer ${TOKEN}`);
  const send = (method: string, path: string, body?: object) =>
    request(app.getHttpServer())
      [method === 'PUT' ? 'put' : 'get'](path)
      .set('Authorization', `Bearer ${TOKEN}`)
      .send(method === 'PUT' ? body : undefined);
  const put = (body: string | object) =>
    request(app.getHttpServer())
      .put('/debug/log-level')
      .set('Authorization', `Bearer ${TOKEN}`)
      .set('Content-Type', 'application/json')
      .send(body);

  it('do not exist without a token in the settings', async () => {
    await open('');
    await get('/debug').expect(404);
    await request(app.getHttpServer()).get('/debug').set('Authorization', 'Bearer ').expect(404);
  });

  it.each([
    ['nothing', undefined],
    ['another token', `Bearer ${TOKEN}x`],
    ['the beginning of the token', `Bearer ${TOKEN.slice(0, -1)}`],
    ['an empty token', 'Bearer '],
    ['another scheme', `Basic ${TOKEN}`],
    ['the bare token', TOKEN],
  ])('refuse who sends %s, on the internal listener too, and say what to send', async (_what, header) => {
    await open(TOKEN);
    const asked = request(app.getHttpServer()).get('/debug/config');
    const { body, headers } = await (header === undefined ? asked : asked.set('Authorization', header)).expect(401);
    expect(body).toEqual({
      error_code: 'StreamDataPipeline.Unauthorized',
      description: 'The caller is not known',
      solution: expect.stringContaining('debug.token'),
      error_details: { reason: expect.any(String) },
    });
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(JSON.stringify(body) + lines.join('')).not.toContain(TOKEN.slice(0, -1));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'A debug request was refused', listener: 'internal' },
    ]);
  });

  it('list themselves', async () => {
    await open(TOKEN);
    const { body } = await get('/debug').expect(200);
    const routes = body.routes as DebugRouteEntry[];
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /debug',
      'GET /debug/config',
      'GET /debug/process',
      'GET /debug/connections',
      'GET /debug/tasks',
      'GET /debug/management',
      'GET /debug/log-level',
      'PUT /debug/log-level',
      'PUT /log-level',
    ]);
    for (const { method, path } of routes) {
      expect([path, (await send(method, path, { level: 'info' })).status]).toEqual([
        path,
        `${method} ${path}` === 'PUT /log-level' ? 204 : 200,
      ]);
    }
    expect(routes.every(({ summary }) => summary !== '')).toBe(true);
  });

  it('show the settings that count, without secrets', async () => {
    await open(TOKEN);
    const { body, text, headers } = await get('/debug/config').expect(200);
    expect(body).toMatchObject({
      server: { httpPort: 13012 },
      debug: { token: '******' },
      database: { password: '******' },
    });
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(TOKEN);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('change the log level, for some time when wanted', async () => {
    await open(TOKEN);
    const lasting = await put({ level: 'debug' }).expect(200);
    expect(lasting.body).toEqual({ level: 'debug', configured_level: 'info' });
    expect(logger.level).toBe('debug');
    const passing = await put({ level: 'warn', seconds: 60 }).expect(200);
    expect(passing.body).toEqual({ level: 'warn', configured_level: 'info', until: expect.any(Number) });
    expect((await get('/debug/log-level').expect(200)).body).toEqual(passing.body);
  });

  it.each([
    [
      'an unknown level',
      { level: 'loud' },
      { faults: [{ field: 'level', fault: 'must be one of trace, debug, info, warn, error' }] },
    ],
    ['no level', {}, { faults: [{ field: 'level' }] }],
    ['an unknown field', { level: 'info', for: 1 }, { faults: [{ field: 'for', fault: 'is not known' }] }],
    ['seconds as text', { level: 'info', seconds: '60' }, { faults: [{ field: 'seconds' }] }],
    ['too many seconds', { level: 'info', seconds: 86_401 }, { faults: [{ field: 'seconds' }] }],
    ['a list', [], { reason: expect.stringContaining('{"level":"debug"') }],
    ['no JSON', '{level:', { reason: 'it is not JSON in UTF-8' }],
    ['nothing', '', { reason: 'it is not JSON in UTF-8' }],
    ['far too much', `"${'x'.repeat(5000)}"`, { reason: 'it is longer than 4096 bytes' }],
  ])('refuse %s as a log level, and change nothing', async (_what, sent, details) => {
    await open(TOKEN);
    const { body } = await put(sent).expect(400);
    expect(body).toMatchObject({
      error_code: 'StreamDataPipeline.InvalidParameter.RequestBody',
      error_details: details,
    });
    expect(logger.level).toBe('info');
  });
});
