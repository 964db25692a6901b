import { readFileSync, statSync } from 'node:fs';
import { fileFault } from './file-fault.js';
import { KEY_BYTES } from './secret-cipher.js';

/** The key of `secrets.keyFile`, or why there is none, as the rest of a sentence. */
export type SecretKey = { kind: 'key'; key: Buffer; isReadableByOthers: boolean } | { kind: 'fault'; fault: string };

/** Command that makes a key file which only its owner can read. */
export function keyCommand(path: string): string {
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `(umask 077 && openssl rand -base64 ${KEY_BYTES} > ${quoted})`;
}

export function readSecretKey(path: string): SecretKey {
  try {
    const text = readFileSync(path, 'latin1').trim();
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_BYTES || key.toString('base64') !== text) {
      return {
        kind: 'fault',
        fault: `does not hold ${KEY_BYTES} bytes in base64; make a key with ${keyCommand('FILE')}`,
      };
    }
    return { kind: 'key', key, isReadableByOthers: (statSync(path).mode & 0o004) !== 0 };
  } catch (error) {
    const fault = `cannot be read: ${fileFault(error)}; name the file with the key, or make one with ${keyCommand(path)}`;
    return { kind: 'fault', fault };
  }
}
