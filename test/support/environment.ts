import { randomBytes } from 'node:crypto';
import { requiredSetting } from './required-setting.js';

export function kafkaBrokers(): string[] {
  return requiredSetting('KAFKA_BROKERS').split(',');
}

export function openSearchUrl(): string {
  return requiredSetting('OPENSEARCH_URL');
}

export function databaseUrl(): URL {
  return new URL(requiredSetting('DATABASE_URL'));
}

/** Letters and digits that no other test gets. */
export function uniqueSuffix(): string {
  return randomBytes(5).toString('hex');
}
