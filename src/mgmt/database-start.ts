import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { DatabaseConfig } from '../config/database-config.js';
import { Database } from '../platform/database/database.js';
import { runMigrations } from '../platform/database/migrate.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { RepeatingFault } from '../platform/logging/repeating-fault.js';

const RETRY_MS = 1000;

/** Waits for MariaDB: it migrates and connects as soon as the server is there. */
@Injectable()
export class DatabaseStart {
  private readonly stopping = new AbortController();
  private readonly faults: RepeatingFault;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** Tries every second until it succeeds; false when it was given up before. */
  async connected(config: DatabaseConfig): Promise<boolean> {
    const { host, port, database } = config;
    while (!this.stopping.signal.aborted) {
      try {
        const ran = config.migrate ? await runMigrations(config, this.logger) : [];
        await this.database.connect();
        this.logger.info({ host, port, database, migrations: ran }, 'The database is connected');
        return true;
      } catch (error) {
        this.faults.report('connect', { err: error, host, port, database }, 'The database is not there; trying again');
      }
      await delay(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    return false;
  }

  giveUp(): void {
    this.stopping.abort();
  }
}
