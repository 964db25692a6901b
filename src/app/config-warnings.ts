import { type ConfigWarning, describeFault } from '../config/config-fault.js';
import type { Logger } from '../platform/logging/logger.js';

/** One line for each, so that whoever reads the log of a start sees what should be mended. */
export function logConfigWarnings(warnings: readonly ConfigWarning[], logger: Logger): void {
  for (const warning of warnings) {
    logger.warn({ setting: warning.path, origin: warning.origin }, describeFault(warning));
  }
}
