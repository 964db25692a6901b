import type { IncomingMessage } from 'node:http';
import { type CallerAccount, MAX_ACCOUNT_ID_CHARACTERS, MAX_ACCOUNT_TYPE_CHARACTERS } from './caller-account.js';
import { unauthorized } from './unauthorized.js';

/** Of a header that is kept and compared: bytes beyond ASCII mean one thing to one caller and another to the next. */
const VISIBLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Rights of a role are not those of an account, whatever it calls itself. */
const ROLE = 'role';

/** Internal callers say for whom they act, and are believed: only services reach that port. */
export function internalAccount(request: Pick<IncomingMessage, 'headersDistinct'>): CallerAccount {
  const id = required(request, 'x-account-id', MAX_ACCOUNT_ID_CHARACTERS);
  const type = required(request, 'x-account-type', MAX_ACCOUNT_TYPE_CHARACTERS);
  if (type.toLowerCase() === ROLE) {
    throw unauthorized('the header x-account-type must be the type of an account, such as user or app, not role');
  }
  return { id, type, name: id, roles: [] };
}

function required({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>, name: string, max: number): string {
  const [value, ...others] = headersDistinct[name] ?? [];
  const expected = `it must name the account, in 1 to ${max} visible ASCII characters`;
  if (value === undefined || value === '') {
    throw unauthorized(`the header ${name} is missing: ${expected}`);
  }
  if (others.length > 0) {
    throw unauthorized(
      `the header ${name} is there ${others.length + 1} times: nobody can tell which account is meant`,
    );
  }
  if (value.length > max) {
    throw unauthorized(`the header ${name} has ${value.length} characters: ${expected}`);
  }
  if (!VISIBLE.test(value)) {
    throw unauthorized(`the header ${name} has other characters: ${expected}`);
  }
  return value;
}
