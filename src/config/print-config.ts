import { stringify } from 'yaml';
import type { AppConfig } from './app-config.js';
import { fileKeysOf } from './file-key.js';
import { MASK } from './masking.js';
import { isSecret } from './secret.js';

/** The configuration as YAML that `--config` would accept, but for the secrets: those that are set are masked. */
export function printConfig(config: AppConfig): string {
  return stringify(printable(config), { lineWidth: 0 });
}

function printable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(printable);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fileKeys = fileKeysOf(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => [
      fileKeys[key] ?? key,
      isSecret(value, key) && child !== '' ? MASK : printable(child),
    ]),
  );
}
