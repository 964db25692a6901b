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

  /** File that is written; empty: standard output. */
  @IsText()
  readonly file: string = '';

  /** Days that a rotated file is kept. */
  @IsWholeNumber(0, 36_500)
  readonly maxAge: number = 100;

  /** Rotated files that are kept. */
  @IsWholeNumber(0, 10_000)
  readonly maxBackups: number = 20;

  /** MB after which a file is rotated. */
  @IsWholeNumber(1, 100_000)
  readonly maxSize: number = 100;
}
