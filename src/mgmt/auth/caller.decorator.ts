import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../errors/api-error.js';
import { contextOf } from '../http/request-context.js';
import type { CallerAccount } from './caller-account.js';

/** The account that the guard found. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): CallerAccount => {
  const { account } = contextOf(context.switchToHttp().getRequest<Request>());
  if (!account) {
    throw new ApiError('Unauthorized');
  }
  return account;
});
