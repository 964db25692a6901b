import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault } from './file-fault.js';

/** What a PEM file holds, or why it cannot be used, as the rest of a sentence. */
export type Certificates = { kind: 'certificates'; certificates: readonly [X509Certificate, ...X509Certificate[]] };
export type PrivateKey = { kind: 'key'; key: KeyObject };
export type PemFault = { kind: 'fault'; fault: string };
/** The file is right, but the passphrase does not open it; `isMissing` when there is none. */
export type Locked = { kind: 'locked'; isMissing: boolean };

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;
const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;
const PRIVATE_KEY = /PRIVATE KEY$/;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** At least one certificate, in the order of the file. Never throws. */
export function readCertificates(path: string): Certificates | PemFault {
  const blocks = readBlocks(path, CERTIFICATE, 'a certificate');
  if ('fault' in blocks) {
    return blocks;
  }
  try {
    const [first, ...rest] = blocks.found.map((block) => new X509Certificate(block));
    return first ? { kind: 'certificates', certificates: [first, ...rest] } : fault('holds no certificate');
  } catch {
    return fault('holds a certificate that is damaged');
  }
}

/** The first private key. An empty passphrase is none. Never throws. */
export function readPrivateKey(path: string, passphrase: string): PrivateKey | Locked | PemFault {
  const blocks = readBlocks(path, PRIVATE_KEY, 'a private key');
  if ('fault' in blocks) {
    return blocks;
  }
  const [block = ''] = blocks.found;
  const isEncrypted = ENCRYPTED.test(block);
  if (isEncrypted && passphrase === '') {
    return { kind: 'locked', isMissing: true };
  }
  try {
    return { kind: 'key', key: createPrivateKey({ key: block, ...(isEncrypted && { passphrase }) }) };
  } catch {
    return isEncrypted ? { kind: 'locked', isMissing: false } : fault('holds a private key that is damaged');
  }
}

function readBlocks(path: string, wanted: RegExp, inWords: string): { found: string[] } | PemFault {
  try {
    const blocks = [...readFileSync(path, 'latin1').matchAll(BLOCK)];
    const found = blocks.filter(([, label = '']) => wanted.test(label)).map(([block]) => block);
    if (found.length > 0) {
      return { found };
    }
    const labels = [...new Set(blocks.map(([, label = '']) => label))].join(', ');
    return fault(labels ? `must hold ${inWords}, not ${labels}` : `must hold ${inWords} in PEM form`);
  } catch (error) {
    return fault(`cannot be read: ${fileFault(error)}`);
  }
}

function fault(text: string): PemFault {
  return { kind: 'fault', fault: text };
}
