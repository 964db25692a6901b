import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { Database } from './database.js';

/** How busy the way to MariaDB is. */
@Injectable()
export class DatabaseGauges {
  constructor(registry: MetricsRegistry, database: Database) {
    registry.gauge({
      name: 'sdp_database_connections',
      help: 'Open connections to the database, by whether a caller has them (busy) or not (idle).',
      labels: ['state'],
      collect: (gauge) => {
        const { busy, idle } = database.poolUse;
        gauge.set({ state: 'busy' }, busy);
        gauge.set({ state: 'idle' }, idle);
      },
    });
    registry.gauge({
      name: 'sdp_database_requests_waiting',
      help: 'Callers that wait for a connection to the database because all are busy.',
      collect: (gauge) => gauge.set(database.poolUse.waiting),
    });
    registry.gauge({
      name: 'sdp_database_pool_size',
      help: 'Connections to the database that may be open at once.',
      collect: (gauge) => gauge.set(database.poolSize),
    });
  }
}
