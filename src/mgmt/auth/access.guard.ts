import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { listenerOf } from '../../platform/http/listener.js';
import type { Operation } from '../../platform/http/operation.js';
import {
  EXTRA_ACCESS,
  type ExtraAccess,
  type ResourcePlace,
  ROUTE_ACCESS,
  type RouteAccess,
} from '../../platform/http/route-access.decorator.js';
import { ApiError } from '../errors/api-error.js';
import { contextOf } from '../http/request-context.js';
import { Permissions, WHOLE_SERVICE } from '../permission/permissions.js';
import { Authenticator } from './authenticator.js';
import type { CallerAccount } from './caller-account.js';
import { internalAccount } from './internal-account.js';

/** Lets a request through when its route says who may call it, and the caller is one of these. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly permissions: Permissions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
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
    const account = await this.accountOf(request);
    contextOf(request).account = account;
    // A list has no resource of its own: it answers with what the caller may see.
    if (access.kind === 'filtered') {
      return true;
    }
    const resource = resourceOf(request, access.resourceIn);
    for (const operation of [access.operation, ...this.extraOperations(context, request)]) {
      await this.requireAllowed(account, operation, resource);
    }
    return true;
  }

  private extraOperations(context: ExecutionContext, { query }: Request): Operation[] {
    const extra = this.reflector.get<ExtraAccess | undefined>(EXTRA_ACCESS, context.getHandler());
    const given = extra && query[extra.parameter];
    return extra && given !== undefined && given !== 'false' ? [extra.operation] : [];
  }

  private async requireAllowed(account: CallerAccount, operation: Operation, resource: string): Promise<void> {
    if (!(await this.permissions.isAllowed(account, operation, resource))) {
      const where = resource === WHOLE_SERVICE ? 'here' : `to ${resource}`;
      throw new ApiError('Forbidden', { reason: `the account may not ${operation} ${where}` });
    }
  }

  private accountOf(request: Request): Promise<CallerAccount> {
    return listenerOf(request) === 'internal'
      ? Promise.resolve(internalAccount(request))
      : this.authenticator.authenticate(bearerToken(request.headers.authorization));
  }
}

/** The pipeline that the request names. Something other than a text is the service's: only who may do it there goes on. */
function resourceOf({ params, body, query }: Request, place: ResourcePlace): string {
  const sent = (body ?? {}) as { resource?: unknown; id?: unknown };
  const named = {
    path: params['id'],
    body: sent.resource,
    query: query['resource'],
    'id of the body': sent.id,
  }[place];
  return typeof named === 'string' && named !== '' ? named : WHOLE_SERVICE;
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
