import type { IncomingHttpHeaders } from 'node:http';
import { type CallerAccount, MAX_ACCOUNT_ID_CHARACTERS, MAX_ACCOUNT_TYPE_CHARACTERS } from './caller-account.js';
import { unauthorized } from './unauthorized.js';

/** Internal callers say for whom they act, and are believed: only services reach that port. */
export function internalAccount(headers: IncomingHttpHeaders): CallerAccount {
  const id = required(headers, 'x-account-id', MAX_ACCOUNT_ID_CHARACTERS);
  return { id, type: required(headers, 'x-account-type', MAX_ACCOUNT_TYPE_CHARACTERS), name: id, roles: [] };
}

function required(headers: IncomingHttpHeaders, name: string, maxCharacters: number): string {
  const value = headers[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > maxCharacters) {
    throw unauthorized(`the header ${name} must name the account, in 1 to ${maxCharacters} characters`);
  }
  return value;
}
