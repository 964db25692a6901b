import type { Logger as PinoLogger } from 'pino';

/** Injection token of the process's logger. */
export const LOGGER = Symbol('LOGGER');

/** Fields first, then the message: `logger.warn({ pipeline, err }, 'bulk refused')`. Errors go under `err`; names: docs/logging.md. */
export type Logger = PinoLogger;
