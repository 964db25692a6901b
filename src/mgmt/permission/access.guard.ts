import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { listenerOf } from '../../platform/http/listener.js';
import { ROUTE_ACCESS, type RouteAccess } from '../../platform/http/route-access.decorator.js';
import { ApiError } from '../errors/api-error.js';
import { contextOf } from '../http/request-context.js';
import { accountOf } from './accounts.js';
import { Permissions } from './permissions.js';

/** Lets a request through when its route says who may call it, and the caller is one of these. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly permissions: Permissions,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access) {
      throw new ApiError('Forbidden', { reason: 'the route does not state its operation' }, { logLevel: 'error' });
    }
    if (access.kind === 'open') {
      return true;
    }
    const request = context.switchToHttp().getRequest<Request>();
    const account = accountOf(listenerOf(request), request.headers);
    contextOf(request).account = account;
    if (!this.permissions.isAllowed(account, access.operation)) {
      throw new ApiError('Forbidden', { reason: `the account may not ${access.operation} here` });
    }
    return true;
  }
}
