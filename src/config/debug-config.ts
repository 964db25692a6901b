import { FAIL_POINTS, isFailPoint } from './fail-points.js';
import { IsListOf, IsText } from './rules.js';
import { Secret } from './secret.js';

export class DebugConfig {
  /** Bearer token of the routes below /debug (effective configuration, log level); empty: there are no such routes. */
  @Secret()
  @IsText()
  readonly token: string = '';

  /** For tests of this program alone; leave it empty. Steps after which the process kills itself, as a power cut would. */
  @IsListOf(`steps, each with or without :<pipeline id>: ${FAIL_POINTS.join(', ')}`, 0, isFailPoint)
  readonly failPoints: readonly string[] = [];
}
