import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Length of a key in bytes. */
export const KEY_BYTES = 32;

export type Decrypted =
  | { kind: 'text'; text: string }
  /** Not what {@link encryptSecret} makes. */
  | { kind: 'damaged' }
  /** Encrypted with another key, or altered: the cipher cannot tell which. */
  | { kind: 'refused' };

const ALGORITHM = 'aes-256-gcm';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Base64url of version, nonce, tag and cipher text. The nonce is random: one key is good for billions of secrets. */
export function encryptSecret(secret: string, key: Buffer): string {
  const version = Buffer.of(VERSION);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(version);
  const encrypted = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([version, nonce, cipher.getAuthTag(), encrypted]).toString('base64url');
}

export function decryptSecret(text: string, key: Buffer): Decrypted {
  const bytes = Buffer.from(text, 'base64url');
  // Node passes over characters that are not of the alphabet: a text that was cut or mistyped would look like an altered one.
  if (bytes.toString('base64url') !== text || bytes[0] !== VERSION || bytes.length <= HEADER_BYTES) {
    return { kind: 'damaged' };
  }
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(bytes.subarray(0, 1))
    .setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    return {
      kind: 'text',
      text: Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES)), decipher.final()]).toString('utf8'),
    };
  } catch {
    return { kind: 'refused' };
  }
}
