import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { listenerOf } from '../http/listener.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';
import { DebugError } from './debug-error.js';

/** Injection token of the bearer token of the routes below /debug; never empty. */
export const DEBUG_TOKEN = Symbol('DEBUG_TOKEN');

const BEARER = /^Bearer +(\S+) *$/i;

/** Lets a request through that carries the token, on every listener: who reaches the internal one is not trusted with this. */
@Injectable()
export class DebugTokenGuard implements CanActivate {
  private readonly expected: Buffer;
  private readonly faults: RepeatingFault;

  constructor(@Inject(DEBUG_TOKEN) token: string, @Inject(LOGGER) logger: Logger) {
    this.expected = digest(token);
    this.faults = new RepeatingFault(logger);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const header = request.headers.authorization;
    const given = BEARER.exec(header ?? '')?.[1];
    // Digests have one length, and their comparison takes one time, whatever was sent.
    if (given === undefined || !timingSafeEqual(digest(given), this.expected)) {
      const reason = header === undefined ? 'the header Authorization is missing' : 'the token is not the right one';
      this.faults.report(
        'refused',
        { listener: listenerOf(request), address: request.ip, reason },
        'A debug request was refused',
      );
      throw new DebugError('unauthorized', { reason });
    }
    return true;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
