import type { ConfigWarning } from './config-fault.js';
import { readSecretKey, type SecretKey } from './secret-key.js';
import type { GivenValue } from './settings-layer.js';

export const KEY_FILE_PATH = 'secrets.keyFile';

/** The key that the settings name. Read when it is first asked for, and once. */
export class SecretKeyFile {
  private key: SecretKey | undefined;

  constructor(private readonly given: ReadonlyMap<string, GivenValue>) {}

  /** Undefined when no file is named. */
  find(): SecretKey | undefined {
    const path = this.given.get(KEY_FILE_PATH)?.value;
    if (typeof path === 'string' && path !== '') {
      this.key ??= readSecretKey(path);
    }
    return this.key;
  }

  /** Of a key that was used. Not a fault: where secrets are mounted, the mode of a file is not always one's own to choose. */
  warnings(): ConfigWarning[] {
    if (this.key?.kind !== 'key' || !this.key.isReadableByOthers) {
      return [];
    }
    const { value, origin = '' } = this.given.get(KEY_FILE_PATH) ?? {};
    const rule = 'can be read by every user of this machine: let only the owner read it (chmod 600)';
    return [{ path: KEY_FILE_PATH, shown: JSON.stringify(value), rule, origin }];
  }
}
