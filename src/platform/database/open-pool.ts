import type { DataSource } from 'typeorm';
import { DatabaseTls } from './database-tls.js';

/** Opens the pool of a data source; rejects before it connects when the files of `database.tls` cannot be used. */
export async function openPool(source: DataSource): Promise<void> {
  const { ssl } = source.options as { ssl?: unknown };
  if (ssl instanceof DatabaseTls) {
    ssl.prepare();
  }
  await source.initialize();
}
