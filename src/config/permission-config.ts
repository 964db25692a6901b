import { IsOneOf } from './rules.js';

export const PERMISSION_MODES = ['none'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

export class PermissionConfig {
  /** none: everyone may do everything. */
  @IsOneOf(PERMISSION_MODES)
  readonly mode: PermissionMode = 'none';
}
