import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { Logger } from 'pino';
import type { DatabaseConfig } from '../../config/database-config.js';
import { Database } from './database.js';
import { databaseOptions } from './database-options.js';

export interface DatabaseModuleOptions {
  config: DatabaseConfig;
  logger: Logger;
  entities: EntityTarget<ObjectLiteral>[];
}

/** Provides {@link Database}, not yet connected: the program starts and answers probes while MariaDB is away. */
@Module({})
export class DatabaseModule {
  static register({ config, logger, entities }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...databaseOptions(config, logger, { entities: entities as never[] }),
          manualInitialization: true,
        }),
      ],
      providers: [
        { provide: Database, useFactory: (source: DataSource) => new Database(source), inject: [DataSource] },
      ],
      exports: [Database],
    };
  }
}
