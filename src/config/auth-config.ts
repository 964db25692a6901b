import { IsOneOf } from './rules.js';

export const AUTH_MODES = ['none'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export class AuthConfig {
  /** none: everyone is the administrator. */
  @IsOneOf(AUTH_MODES)
  readonly mode: AuthMode = 'none';
}
