import { type DestinationStream, pino } from 'pino';
import { ConfigError } from '../../config/config-error.js';
import type { LogConfig } from '../../config/log-config.js';
import type { RepeatingFault } from './repeating-fault.js';
import { RotatingFile } from './rotating-file.js';

export type DestinationSettings = Pick<LogConfig, 'file' | 'maxAge' | 'maxBackups' | 'maxSize'>;

const MIB = 1024 * 1024;
const STANDARD_OUTPUT = 1;
/** What standard output may owe before lines are dropped: it may be a file on a full disk. */
const MAX_UNWRITTEN_BYTES = 4 * MIB;

/**
 * Where lines go. Synchronous: a line that explains an exit must be out before the exit. Later faults are told to `faults`
 * and thrown nowhere.
 * @throws ConfigError when the file cannot be opened.
 */
export function openDestination(settings: DestinationSettings, faults: RepeatingFault): DestinationStream {
  const { file, maxAge, maxBackups, maxSize } = settings;
  if (file === '') {
    return standardOutput(faults);
  }
  try {
    return new RotatingFile(file, { maxBytes: maxSize * MIB, maxBackups, maxAgeDays: maxAge }, faults);
  } catch (error) {
    const rule = `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ path: 'log.file', shown: file, rule, origin: 'at start' }]);
  }
}

function standardOutput(faults: RepeatingFault): DestinationStream {
  const output = pino.destination({ dest: STANDARD_OUTPUT, sync: true, maxLength: MAX_UNWRITTEN_BYTES });
  output.on('error', (err: unknown) =>
    faults.report('written', { err }, 'Standard output does not take log lines', 'error'),
  );
  output.on('write', () => faults.end('written', {}, 'Standard output takes log lines again'));
  return output;
}
