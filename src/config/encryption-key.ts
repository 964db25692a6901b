import { ConfigError } from './config-error.js';
import type { ConfigWarning } from './config-fault.js';
import { variableOf } from './environment-variable.js';
import { mergeLayers } from './merge-layers.js';
import { keyCommand } from './secret-key.js';
import { KEY_FILE_PATH, SecretKeyFile } from './secret-key-file.js';
import type { SettingsLayer } from './settings-layer.js';

export interface EncryptionKey {
  key: Buffer;
  warnings: readonly ConfigWarning[];
}

/** @throws ConfigError when a source cannot be read, or when there is no usable key. */
export function findEncryptionKey(layers: readonly SettingsLayer[]): EncryptionKey {
  const unreadable = layers.flatMap(({ faults }) => faults).filter(({ path }) => path === '');
  if (unreadable.length > 0) {
    throw new ConfigError(unreadable);
  }
  const given = mergeLayers(layers);
  const file = new SecretKeyFile(given);
  const found = file.find();
  if (found?.kind === 'key') {
    return { key: found.key, warnings: file.warnings() };
  }
  const { value, origin = '' } = given.get(KEY_FILE_PATH) ?? {};
  throw new ConfigError([
    found
      ? { path: KEY_FILE_PATH, shown: JSON.stringify(value), rule: found.fault, origin }
      : { path: KEY_FILE_PATH, rule: missingKey(), origin },
  ]);
}

function missingKey(): string {
  return `names no key to encrypt with: make one with ${keyCommand('sdp.key')}, and set it or ${variableOf(KEY_FILE_PATH)} to that file`;
}
