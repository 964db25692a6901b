import { readFileSync } from 'node:fs';

/** Paths of PEM files, empty where there is none; plain data, so that it crosses threads. */
export interface TlsFiles {
  caFile: string;
  certFile: string;
  keyFile: string;
  /** Of an encrypted key; empty: none. */
  keyPassphrase: string;
}

/** What Node's TLS takes; a member that is absent means Node's own default. */
export interface TlsMaterial {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  passphrase?: string;
}

/**
 * Reads the files anew at each call: who makes a connection calls it then, so that a renewed certificate is taken up
 * without a restart. Throws the file system's error when one cannot be read.
 */
export function readTlsFiles({ caFile, certFile, keyFile, keyPassphrase }: TlsFiles): TlsMaterial {
  return {
    ...(caFile && { ca: readFileSync(caFile) }),
    ...(certFile && { cert: readFileSync(certFile) }),
    ...(keyFile && { key: readFileSync(keyFile) }),
    ...(keyPassphrase && { passphrase: keyPassphrase }),
  };
}
