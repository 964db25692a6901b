import { IsFlag, IsOneOf, IsText, IsWholeNumber } from './rules.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type ConfiguredLogLevel = (typeof LOG_LEVELS)[number];

export class LogConfig {
  /** Events below this level are left out. */
  @IsOneOf(LOG_LEVELS)
  readonly logLevel: ConfiguredLogLevel = 'info';

  /** Lines for people instead of JSON. */
  @IsFlag()
  readonly developMode: boolean = false;

  /** File that is written; empty: standard output. Each process needs a file of its own; its folder is made. */
  @IsText()
  readonly file: string = '';

  /** Days (of 24 hours, since its rotation) that a rotated file is kept; 0: however old it is. */
  @IsWholeNumber(0, 36_500)
  readonly maxAge: number = 100;

  /** Rotated files that are kept, the newest; 0: all of them, unless maxAge lets them go. */
  @IsWholeNumber(0, 10_000)
  readonly maxBackups: number = 20;

  /** MB (1024 * 1024 bytes) that a file may have: the line that would exceed it begins the next file. */
  @IsWholeNumber(1, 100_000)
  readonly maxSize: number = 100;
}
