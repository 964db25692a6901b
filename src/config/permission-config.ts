import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsListOf, IsOneOf, IsOptionalHttpAddress, IsText, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';

export const PERMISSION_MODES = ['none', 'local', 'remote'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

const ACCESSOR = /^[^:\s]{1,20}:\S{1,40}$/;

/** An HTTP service that knows who may do what. */
export class RemotePermissionConfig {
  /** Base address of the service. Needed with permission.mode remote. */
  @IsOptionalHttpAddress()
  readonly url: string = '';

  /** Bearer token of this service at that one; empty: none is sent. */
  @Secret()
  @IsText(8192)
  readonly token: string = '';

  /** One attempt of a question. */
  @IsWholeNumber(50, 60_000)
  readonly timeoutMs: number = 2000;

  /** Further attempts when the service does not answer or is busy. */
  @IsWholeNumber(0, 5)
  readonly retries: number = 2;
}

/** What a caller may do. */
export class PermissionConfig {
  /** none: everyone may do everything; local: by the policies in the database; remote: by an HTTP service. */
  @IsOneOf(PERMISSION_MODES)
  readonly mode: PermissionMode = 'none';

  /** Accounts and roles that may do everything with permission.mode local, as `type:id` or `role:name`: who gives the first rights. */
  @IsListOf('type:id or role:name', 0, (item) => typeof item === 'string' && ACCESSOR.test(item))
  readonly administrators: readonly string[] = [];

  /** An HTTP service that knows who may do what. */
  @ValidateNested()
  @Type(() => RemotePermissionConfig)
  readonly remote: RemotePermissionConfig = new RemotePermissionConfig();
}
