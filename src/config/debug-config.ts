import { IsText } from './rules.js';
import { Secret } from './secret.js';

export class DebugConfig {
  /** Bearer token of the routes below /debug (effective configuration, log level); empty: there are no such routes. */
  @Secret()
  @IsText()
  readonly token: string = '';
}
