import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, pino } from 'pino';
import { ConfigError } from '../../config/config-error.js';
import type { LogConfig } from '../../config/log-config.js';
import type { Logger } from './logger.js';
import { plainError, plainFields } from './plain-fields.js';
import { ReadableLines } from './readable-lines.js';
import { censorOf, redactedFields } from './redaction.js';

export interface LoggerOptions {
  config: Pick<LogConfig, 'logLevel' | 'developMode' | 'file'>;
  service: string;
  role: string;
  version: string;
  /** Values that must not appear in any line, such as the configured passwords. */
  secrets?: readonly string[];
  /** Where lines go; standard output or `config.file` when absent. */
  destination?: DestinationStream;
}

/** One JSON line an event, or one readable line in developMode. */
export function createLogger(options: LoggerOptions): Logger {
  const { config, service, role, version } = options;
  const sink = options.destination ?? openDestination(config.file);
  return pino(
    {
      level: config.logLevel,
      base: { service, role, version, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: plainFields },
      serializers: { err: plainError },
      redact: redactedFields,
      hooks: { streamWrite: censorOf(options.secrets ?? []) },
    },
    config.developMode ? new ReadableLines(sink) : sink,
  );
}

/** Synchronous: a line that explains an exit must be out before the exit. */
function openDestination(file: string): DestinationStream {
  if (file === '') {
    return pino.destination({ dest: 1, sync: true });
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    return pino.destination({ dest: openSync(file, 'a'), sync: true });
  } catch (error) {
    const rule = `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ path: 'log.file', shown: file, rule, origin: 'at start' }]);
  }
}
