import type { ClaimsConfig } from '../../config/auth-config.js';
import { unauthorized } from './unauthorized.js';
import {
  type CallerAccount,
  MAX_ACCOUNT_ID_CHARACTERS,
  MAX_ACCOUNT_NAME_CHARACTERS,
  MAX_ACCOUNT_TYPE_CHARACTERS,
} from './caller-account.js';

const DEFAULT_TYPE = 'user';
/** Rights of a role are not those of an account, whatever its token calls it. */
const ROLE = 'role';

/** The account that the claims of a token name. */
export function accountOfClaims(claims: Readonly<Record<string, unknown>>, names: ClaimsConfig): CallerAccount {
  const id = textOf(claims[names.id]);
  const type = textOf(claims[names.type]) || DEFAULT_TYPE;
  if (id.trim() === '' || id.length > MAX_ACCOUNT_ID_CHARACTERS) {
    throw unauthorized(`the claim ${names.id} must name the account, in 1 to ${MAX_ACCOUNT_ID_CHARACTERS} characters`);
  }
  if (type.length > MAX_ACCOUNT_TYPE_CHARACTERS) {
    throw unauthorized(`the claim ${names.type} has more than ${MAX_ACCOUNT_TYPE_CHARACTERS} characters`);
  }
  if (type.toLowerCase() === ROLE) {
    throw unauthorized(`the claim ${names.type} must be the type of an account, such as user or app, not role`);
  }
  const name = textOf(claims[names.name]).slice(0, MAX_ACCOUNT_NAME_CHARACTERS) || id;
  return { id, type, name, roles: rolesOf(claims[names.roles]) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function rolesOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : textOf(value).split(' ');
  return list.filter((role): role is string => typeof role === 'string' && role !== '');
}
