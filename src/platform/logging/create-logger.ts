import { type DestinationStream, pino } from 'pino';
import type { LogConfig } from '../../config/log-config.js';
import type { Logger } from './logger.js';
import { openDestination } from './open-destination.js';
import { ReadableLines } from './readable-lines.js';
import { censorOf, withoutSecrets } from './redaction.js';
import { RepeatingFault } from './repeating-fault.js';

export interface LoggerOptions {
  config: LogConfig;
  service: string;
  role: string;
  version: string;
  /** Values that must not appear in any line, such as the configured passwords. */
  secrets?: readonly string[];
  /** Where lines go; standard output or `config.file` when absent. */
  destination?: DestinationStream;
}

const STANDARD_ERROR = 2;
const MAX_LAST_WORDS_BYTES = 64 * 1024;

/** One JSON line an event, or one readable line in developMode. */
export function createLogger(options: LoggerOptions): Logger {
  const { config, destination } = options;
  return loggerInto(destination ?? openDestination(config, new RepeatingFault(lastResort(options))), options);
}

/** Tells of what is wrong with the log itself, in lines of the same form. */
function lastResort(options: LoggerOptions): Logger {
  const output = pino.destination({ dest: STANDARD_ERROR, sync: true, maxLength: MAX_LAST_WORDS_BYTES });
  // There is nobody left to tell.
  output.on('error', () => undefined);
  return loggerInto(output, { ...options, config: { ...options.config, logLevel: 'info' } });
}

function loggerInto(sink: DestinationStream, { config, service, role, version, secrets }: LoggerOptions): Logger {
  return pino(
    {
      level: config.logLevel,
      base: { service, role, version, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      // Errors are plain objects by then, also those that task threads have sent.
      serializers: { err: (err: unknown) => err },
      hooks: { streamWrite: censorOf(secrets ?? []) },
    },
    config.developMode ? new ReadableLines(sink) : sink,
  );
}
