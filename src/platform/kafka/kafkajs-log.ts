import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';

/** True of how kafkajs is meant to be used, not of how it is used here: a failed producer is replaced, not kept. */
const MOOT = /^Limiting retries for the idempotent producer/;

/**
 * kafkajs' log lines in ours: its errors and warnings are warnings (it retries by itself; what remains is thrown and
 * logged by whoever asked), the rest is debug. `isMuted` silences a client that was given up on purpose.
 */
export function kafkajsLog(logger: Logger, isMuted: () => boolean): logCreator {
  const faults = new RepeatingFault(logger);
  return () =>
    ({ namespace, level, log }) => {
      const { message, timestamp: _timestamp, logger: _logger, ...fields } = log;
      if (isMuted() || MOOT.test(message)) {
        return;
      }
      const text = `kafka client ${namespace}: ${message}`;
      if (level === logLevel.ERROR || level === logLevel.WARN) {
        faults.report(text, fields, text);
      } else {
        logger.debug(fields, text);
      }
    };
}
