import { fileURLToPath } from 'node:url';
import type { AppConfig } from './app-config.js';
import { buildConfig } from './build-config.js';
import { environmentLayer } from './environment-layer.js';
import { readSettingsFile } from './settings-file.js';

export interface ConfigSources {
  /** Laid over the defaults; absent: none. */
  overlayFile?: string;
  /** Laid over the files; the process's own when absent. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** The same place seen from src/config and from dist/config. */
const DEFAULTS_FILE = fileURLToPath(new URL('../../config/default.yaml', import.meta.url));

/**
 * The configuration: config/default.yaml, then the overlay file, then the environment. Validated and deeply frozen.
 * @throws ConfigError with every fault at once.
 */
export function loadConfig(sources: ConfigSources = {}): AppConfig {
  const files = [readSettingsFile(DEFAULTS_FILE, 'config/default.yaml')];
  if (sources.overlayFile !== undefined) {
    files.push(readSettingsFile(sources.overlayFile, sources.overlayFile));
  }
  return buildConfig([...files, environmentLayer(sources.environment ?? process.env)]);
}
