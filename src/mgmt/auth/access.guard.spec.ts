import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import request from 'supertest';
import type { Account } from '../../domain/pipeline.js';
import { markListener } from '../../platform/http/listener.js';
import { OpenRoute, RequiresOperation } from '../../platform/http/route-access.decorator.js';
import { ApiErrorFilter } from '../http/api-error.filter.js';
import { AccessGuard } from './access.guard.js';
import { Caller } from './caller.decorator.js';
import { Permissions } from '../permission/permissions.js';
import { UnlimitedPermissions } from '../permission/unlimited-permissions.js';
import { Authenticator, OpenAuthenticator } from './authenticator.js';

@Controller()
class Routes {
  @Get('forgotten')
  forgotten(): string {
    return 'reached';
  }

  @Get('open')
  @OpenRoute('for this test')
  open(): string {
    return 'reached';
  }

  @Get('mine')
  @RequiresOperation('view_detail')
  mine(@Caller() account: Account): Account {
    return account;
  }
}

@Module({
  controllers: [Routes],
  providers: [
    { provide: Permissions, useClass: UnlimitedPermissions },
    { provide: Authenticator, useClass: OpenAuthenticator },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
class Root {}

describe('who may call a route', () => {
  let app: NestExpressApplication;
  let isInternal = false;

  beforeAll(async () => {
    app = await NestFactory.create<NestExpressApplication>(Root, { logger: false });
    app.useGlobalFilters(new ApiErrorFilter(pino({ level: 'silent' })));
    app.use((incoming: object, _response: unknown, next: () => void) => {
      markListener(incoming, isInternal ? 'internal' : 'public');
      next();
    });
    await app.init();
  });
  beforeEach(() => {
    isInternal = false;
  });
  afterAll(() => app.close());

  const get = (path: string) => request(app.getHttpServer()).get(path);

  it('nobody, when the route does not say', async () => {
    const { body } = await get('/forgotten').expect(403);
    expect(body.error_code).toBe('StreamDataPipeline.Forbidden');
  });

  it('everybody, when it is open', async () => {
    isInternal = true;
    await get('/open').expect(200, 'reached');
  });

  it('the administrator, on the public listener, whatever headers say', async () => {
    const { body } = await get('/mine').set('x-account-id', 'root').set('x-account-type', 'app').expect(200);
    expect(body).toEqual({ id: 'admin', type: 'user', name: 'admin', roles: [] });
  });

  it('the account that a service names, on the internal listener', async () => {
    isInternal = true;
    const { body } = await get('/mine').set('x-account-id', 'billing').set('x-account-type', 'app').expect(200);
    expect(body).toEqual({ id: 'billing', type: 'app', name: 'billing', roles: [] });
  });

  it.each([
    ['no id', { 'x-account-type': 'app' }],
    ['no type', { 'x-account-id': 'billing' }],
    ['a blank id', { 'x-account-id': ' ', 'x-account-type': 'app' }],
    ['too long an id', { 'x-account-id': 'x'.repeat(41), 'x-account-type': 'app' }],
  ])('nobody, on the internal listener with %s', async (_what, headers) => {
    isInternal = true;
    const { body } = await get('/mine').set(headers).expect(401);
    expect(body.error_code).toBe('StreamDataPipeline.Unauthorized');
  });
});
