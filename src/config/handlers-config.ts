import { findHeaders, IsHeaderList } from './header-list.js';
import { Secret } from './secret.js';

/** What pipelines' handlers may use. */
export class HandlersConfig {
  /** Secrets that handlers such as `hash` use by their name, as `pepper=x`; several are separated by commas. Empty: none. */
  @Secret()
  @IsHeaderList(8192)
  readonly secrets: string = '';
}

/** By name. */
export function handlerSecretsOf({ secrets }: HandlersConfig): Readonly<Record<string, string>> {
  return findHeaders(secrets) ?? {};
}
