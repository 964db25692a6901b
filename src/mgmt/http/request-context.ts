import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Language } from '../../config/server-config.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { languageOf } from './language.js';

export interface RequestContext {
  requestId: string;
  language: Language;
  /** Set by the guard; absent on open routes. */
  account?: CallerAccount;
  /** Set when it is answered with an error. */
  errorCode?: string;
}

const CONTEXT = Symbol('request context');
/** What a caller may choose as id: it goes into headers and logs. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The one context of a request, made when first asked for. */
export function contextOf(request: IncomingMessage, fallback: Language = 'en-US'): RequestContext {
  const holder = request as { [CONTEXT]?: RequestContext };
  return (holder[CONTEXT] ??= {
    requestId: requestIdOf(request),
    language: languageOf(request.headers, fallback),
  });
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
