import { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import type { DatabaseConfig } from '../../config/database-config.js';
import { codeOf, databaseFault, databaseUnavailable } from './database-fault.js';
import { databaseOptions } from './database-options.js';
import { migrations } from './migrations/index.js';
import { openPool } from './open-pool.js';

/** Long enough for another replica's migration of a large table. */
const LOCK_WAIT_SEC = 300;

/**
 * Brings the schema up to date and answers the names of the migrations that ran (none when it was). Replicas that start
 * together wait for each other. A database that does not exist is made, if the account may. Rejects with
 * DATABASE_UNAVAILABLE or DATABASE_ERROR; what ran before the fault stays, and a second call goes on from there.
 */
export async function runMigrations(config: DatabaseConfig, logger: Logger): Promise<string[]> {
  try {
    return await migrate(config, logger);
  } catch (error) {
    if (codeOf(error) !== 'ER_BAD_DB_ERROR') {
      throw databaseFault(error);
    }
  }
  try {
    await makeDatabase(config, logger);
    return await migrate(config, logger);
  } catch (error) {
    throw databaseFault(error);
  }
}

async function migrate(config: DatabaseConfig, logger: Logger): Promise<string[]> {
  const source = dataSource(config, logger, config.database);
  await openPool(source);
  try {
    const runner = source.createQueryRunner();
    const lock = `sdp.migrate.${config.database}`.slice(0, 64);
    const held = (await runner.query('SELECT GET_LOCK(?, ?) AS held', [lock, LOCK_WAIT_SEC])) as { held: unknown }[];
    if (Number(held[0]?.held) !== 1) {
      throw databaseUnavailable('another migration has been running for 5 minutes');
    }
    // DDL commits by itself in MariaDB, so a transaction around it would promise what it cannot keep.
    const done = await source.runMigrations({ transaction: 'none' });
    await runner.query('SELECT RELEASE_LOCK(?)', [lock]);
    await runner.release();
    return done.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

async function makeDatabase(config: DatabaseConfig, logger: Logger): Promise<void> {
  const source = dataSource(config, logger, undefined);
  await openPool(source);
  try {
    await source.query(`CREATE DATABASE IF NOT EXISTS \`${config.database}\` CHARACTER SET utf8mb4`);
    logger.info({ database: config.database }, 'The database did not exist and was made');
  } finally {
    await source.destroy();
  }
}

function dataSource(config: DatabaseConfig, logger: Logger, database: string | undefined): DataSource {
  const options = databaseOptions(config, logger, { migrations });
  // A migration of a large table takes its time, and so does waiting for another one.
  return new DataSource({ ...options, database, enableQueryTimeout: false, poolSize: 2 } as typeof options);
}
