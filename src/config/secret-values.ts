import type { AppConfig } from './app-config.js';
import { SETTINGS, valueAt } from './settings.js';

/** The values of all secrets that are set, also in the forms in which they travel, so that a log can leave them out. */
export function secretValuesOf(config: AppConfig): string[] {
  const values = [...SETTINGS.values()]
    .filter((setting) => setting.isSecret)
    .map((setting) => valueAt(config, setting.path))
    .filter((value) => typeof value === 'string' && value !== '') as string[];
  const parts = [config.tracing.headers, config.handlers.secrets].flatMap(listedValues);
  return [...new Set([...values, ...parts, ...basicCredentials(config.opensearch)])];
}

/** Of `authorization=Bearer x, x-api-key=y`: `Bearer x`, `x` and `y`. A library may quote one of a list without the others. */
function listedValues(list: string): string[] {
  const values = list.split(',').map((entry) => entry.slice(entry.indexOf('=') + 1).trim());
  return [...values, ...values.map((value) => value.split(' ').at(-1) ?? '')].filter((value) => value !== '');
}

/** As they stand behind `Basic` in a header. */
function basicCredentials({ username, password }: { username: string; password: string }): string[] {
  return password === '' ? [] : [Buffer.from(`${username}:${password}`).toString('base64')];
}
