import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from '../../domain/pipeline.js';
import type { Listener } from '../../platform/http/listener.js';
import { ApiError } from '../errors/api-error.js';

/** Everyone on the public listener while auth.mode is `none`. */
const ADMIN: Account = { id: 'admin', type: 'user', name: 'admin' };
/** As long as their columns. */
const MAX_ID_CHARACTERS = 40;
const MAX_TYPE_CHARACTERS = 20;

/** The account behind a request. Internal callers say for whom they act, and are believed: only services reach that port. */
export function accountOf(listener: Listener, headers: IncomingHttpHeaders): Account {
  if (listener === 'public') {
    return ADMIN;
  }
  const id = required(headers, 'x-account-id', MAX_ID_CHARACTERS);
  return { id, type: required(headers, 'x-account-type', MAX_TYPE_CHARACTERS), name: id };
}

function required(headers: IncomingHttpHeaders, name: string, maxCharacters: number): string {
  const value = headers[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > maxCharacters) {
    throw new ApiError('Unauthorized', {
      reason: `the header ${name} must name the account, in 1 to ${maxCharacters} characters`,
    });
  }
  return value;
}
