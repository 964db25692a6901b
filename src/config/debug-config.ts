import { FAIL_POINTS, isFailPoint } from './fail-points.js';
import { IsListOf, IsText } from './rules.js';
import { Secret } from './secret.js';

export class DebugConfig {
  /**
   * Bearer token of the debug routes where there are no accounts: at the root of each process, and on a worker. Empty: there are
   * none of these; accounts that hold the operation debug have those of the API all the same.
   */
  @Secret()
  @IsText()
  readonly token: string = '';

  /** For tests of this program alone; leave it empty. Steps after which the process kills itself, as a power cut would. */
  @IsListOf(`steps, each with or without :<pipeline id>: ${FAIL_POINTS.join(', ')}`, 0, isFailPoint)
  readonly failPoints: readonly string[] = [];
}
