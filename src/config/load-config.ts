import { fileURLToPath } from 'node:url';
import type { AppConfig } from './app-config.js';
import { buildConfig, type LoadedConfig } from './build-config.js';
import { environmentLayer } from './environment-layer.js';
import { findEncryptionKey, type EncryptionKey } from './encryption-key.js';
import { readSettingsFile } from './settings-file.js';
import type { SettingsLayer } from './settings-layer.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  /** Laid over the defaults; absent: none. */
  overlayFile?: string;
  /** Laid over the files; the process's own when absent. */
  environment?: Environment;
}

/** The same place seen from src/config and from dist/config. */
const DEFAULTS_FILE = fileURLToPath(new URL('../../config/default.yaml', import.meta.url));

/**
 * The configuration: config/default.yaml, then the overlay file, then the environment. Validated and deeply frozen.
 * @throws ConfigError with every fault at once.
 */
export function loadConfig(sources: ConfigSources = {}): AppConfig {
  return loadConfigWithWarnings(sources).config;
}

/** As {@link loadConfig}, for those who can tell somebody what should be mended. */
export function loadConfigWithWarnings(sources: ConfigSources = {}): LoadedConfig {
  const environment = environmentOf(sources);
  return buildConfig(layersOf(sources, environment), environment);
}

/**
 * The key of `secrets.keyFile` in the same sources. No other setting has to be right yet: the secret that is missing may
 * be the one that is about to be encrypted.
 * @throws ConfigError when there is no such key; it tells how to make one.
 */
export function loadEncryptionKey(sources: ConfigSources = {}): EncryptionKey {
  return findEncryptionKey(layersOf(sources, environmentOf(sources)));
}

function environmentOf(sources: ConfigSources): Environment {
  return sources.environment ?? process.env;
}

function layersOf({ overlayFile }: ConfigSources, environment: Environment): SettingsLayer[] {
  const files = [readSettingsFile(DEFAULTS_FILE, 'config/default.yaml')];
  if (overlayFile !== undefined) {
    files.push(readSettingsFile(overlayFile, overlayFile));
  }
  return [...files, environmentLayer(environment)];
}
