import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { Database } from '../platform/database/database.js';
import { runMigrations } from '../platform/database/migrate.js';
import { FirstAnswer } from '../platform/health/first-answer.js';
import { databasePlace } from '../platform/health/places.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';

/** Waits for MariaDB: it migrates and connects as soon as the server is there. */
@Injectable()
export class DatabaseStart {
  private readonly answer: FirstAnswer;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.answer = new FirstAnswer(
      { name: 'database', place: databasePlace(config), ask: () => this.connect() },
      logger,
    );
  }

  /** False when it was given up before. */
  async connected(): Promise<boolean> {
    return this.answer.wait();
  }

  giveUp(): void {
    this.answer.giveUp();
  }

  private async connect(): Promise<void> {
    const { migrate, host, port, database } = this.config.database;
    const migrations = migrate ? await runMigrations(this.config.database, this.logger) : [];
    await this.database.connect();
    this.logger.info({ host, port, database, migrations }, 'The database is connected');
  }
}
