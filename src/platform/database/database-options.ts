import type { DataSourceOptions, Logger as TypeOrmLogger } from 'typeorm';
import type { Logger } from 'pino';
import type { DatabaseConfig } from '../../config/database-config.js';
import { RepeatingFault } from '../logging/repeating-fault.js';
import { DatabaseTls } from './database-tls.js';

/** A statement that takes longer has failed: callers are answered within 10 s, whatever the database does. */
export const STATEMENT_TIMEOUT_MS = 4000;

/** Never `synchronize`: the schema changes by migrations alone. */
export function databaseOptions(
  config: DatabaseConfig,
  logger: Logger,
  parts: Pick<DataSourceOptions, 'entities' | 'migrations'>,
): DataSourceOptions {
  return {
    type: 'mariadb',
    host: config.host,
    port: config.port,
    username: config.username,
    password: config.password,
    database: config.database,
    charset: 'utf8mb4_bin',
    poolSize: config.poolSize,
    connectTimeout: config.connectTimeoutMs,
    ...(config.tls.enabled && { ssl: new DatabaseTls(config.tls, config.host) }),
    // Epoch milliseconds, revisions and byte counts all fit a double.
    bigNumberStrings: false,
    enableQueryTimeout: true,
    maxQueryExecutionTime: STATEMENT_TIMEOUT_MS,
    // Rows are locked explicitly where order matters; a repeatable read would show them as they were before the lock.
    isolationLevel: 'READ COMMITTED',
    synchronize: false,
    migrationsTableName: 't_stream_data_pipeline_migration',
    logger: slowStatements(logger),
    ...parts,
  };
}

/** Statements and their values stay out of the log: values may be secret. */
function slowStatements(logger: Logger): TypeOrmLogger {
  const silent = () => undefined;
  const faults = new RepeatingFault(logger);
  return {
    logQuery: silent,
    logQueryError: silent,
    logQuerySlow: (durationMs) => faults.report('slow', { durationMs }, 'A database statement was slow'),
    logSchemaBuild: silent,
    logMigration: silent,
    log: silent,
  };
}
