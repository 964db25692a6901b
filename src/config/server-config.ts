import { IsFilledText, IsListOf, IsOneOf, IsWholeNumber } from './rules.js';

export const LANGUAGES = ['en-US', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

export class ServerConfig {
  /** Port of the public API, Swagger UI, health and metrics; a worker serves health and metrics on it. 0 takes a free one. */
  @IsWholeNumber(0, 65535)
  readonly httpPort: number = 13012;

  /** Port of the internal API, whose callers are trusted: never open it to the outside. 0 takes a free one. */
  @IsWholeNumber(0, 65535)
  readonly internalHttpPort: number = 13013;

  /**
   * Address of the public port. Loopback unless told otherwise: without authentication everyone is the administrator.
   */
  @IsFilledText()
  readonly bindAddress: string = '127.0.0.1';

  /** Address of the internal port. Whoever reaches it is believed. */
  @IsFilledText()
  readonly internalBindAddress: string = '127.0.0.1';

  /** A batch is written as soon as its documents have this size. */
  @IsWholeNumber(1, 100)
  readonly flushMiB: number = 5;

  /** A batch is written as soon as it has this many records. */
  @IsWholeNumber(1, 1_000_000)
  readonly flushItems: number = 10_000;

  /** A batch is written at the latest after this time. */
  @IsWholeNumber(1, 3600)
  readonly flushIntervalSec: number = 3;

  /** Bulk requests that one task may have on the way at once. */
  @IsWholeNumber(1, 16)
  readonly maxInFlightBulks: number = 2;

  /**
   * A larger record is rejected. Its copies must fit into the memory of a task: 64 + 4 * maxRecordMiB is at most 1024,
   * the MiB of a task by default.
   */
  @IsWholeNumber(1, 1024)
  readonly maxRecordMiB: number = 20;

  /** Index bases that one task keeps open when records name their own. */
  @IsWholeNumber(1, 100_000)
  readonly maxIndexBasesPerTask: number = 1000;

  /**
   * A bulk request that fails this often in a row, without one record getting on, fails its task, which then starts
   * again.
   */
  @IsWholeNumber(1, 1000)
  readonly failureThreshold: number = 10;

  /** Longest wait before a failed task starts again. The first is a second, and each is twice the one before. */
  @IsWholeNumber(1, 1440)
  readonly watchWorkersIntervalMin: number = 5;

  /** Time that a stop may take to drain what is on the way. */
  @IsWholeNumber(1, 3600)
  readonly stopTimeoutSec: number = 25;

  /** One more pipeline is not created. */
  @IsWholeNumber(1, 10_000)
  readonly maxPipelines: number = 100;

  /** A larger request body is refused. */
  @IsWholeNumber(1, 102_400)
  readonly bodyLimitKiB: number = 1024;

  /** Requests a minute that the API takes of one address, on each replica; beyond it 429. 0: any number. */
  @IsWholeNumber(0, 10_000_000)
  readonly rateLimitPerMin: number = 0;

  /** Origins whose pages may call the API from a browser, such as https://console.example.com. Empty: none. */
  @IsListOf('origins such as https://console.example.com', 0, isOrigin)
  readonly corsOrigins: readonly string[] = [];

  /** Language of error texts when a caller asks for none. */
  @IsOneOf(LANGUAGES)
  readonly language: Language = 'en-US';
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}
