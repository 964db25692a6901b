import { randomBytes } from 'node:crypto';

/** A setting that the test runner gives; a test without services is a mistake, not a pass. */
export function requiredSetting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run the tests with npm test, or with the environment of a sandbox`);
  }
  return value;
}

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
