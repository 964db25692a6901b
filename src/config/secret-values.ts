import type { AppConfig } from './app-config.js';
import { SETTINGS, valueAt } from './settings.js';

/** The values of all secrets that are set, so that a log can leave them out. */
export function secretValuesOf(config: AppConfig): string[] {
  return [...SETTINGS.values()]
    .filter((setting) => setting.isSecret)
    .map((setting) => valueAt(config, setting.path))
    .filter((value) => typeof value === 'string' && value !== '') as string[];
}
