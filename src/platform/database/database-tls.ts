import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { SwitchedTlsConfig } from '../../config/tls-config.js';
import { tlsFault } from '../tls/tls-fault.js';
import { readTlsFiles, type TlsFiles, type TlsMaterial } from '../tls/tls-files.js';
import { DATABASE_TLS_SETTINGS, databaseUnavailable } from './database-fault.js';

/**
 * The `ssl` options of the driver. It reads the members at each new connection of the pool, and finds the files as they
 * are then: a renewed certificate counts without a restart. The driver reads in the middle of a handshake, where an
 * exception would end the process; so files that cannot be used are passed over there in favour of the last good ones,
 * and {@link prepare} is what tells.
 */
export class DatabaseTls {
  readonly rejectUnauthorized = true;
  readonly verifyIdentity = true;
  private readonly files: TlsFiles;
  private material: TlsMaterial = {};

  constructor(
    { caFile, certFile, keyFile, keyPassphrase }: SwitchedTlsConfig,
    private readonly host: string,
  ) {
    this.files = { caFile, certFile, keyFile, keyPassphrase };
  }

  /** Throws DATABASE_UNAVAILABLE, which names the setting, when it cannot work. To be called before a pool is opened. */
  prepare(): void {
    if (isIP(this.host) !== 0) {
      // The driver would look for localhost in the certificate instead, and take it for this server's.
      throw databaseUnavailable(
        `database.host is an address (${this.host}), which cannot be checked against a certificate: use the name of the server that its certificate is for`,
      );
    }
    try {
      this.read();
    } catch (error) {
      const told = tlsFault(error as Error, 'the server', DATABASE_TLS_SETTINGS);
      throw databaseUnavailable(told ?? (error as Error).message, error);
    }
  }

  /** The driver asks for it first, and for the other members in the same turn: so they all are of one reading. */
  get ca(): Buffer | undefined {
    try {
      this.read();
    } catch {
      // As the class says: not here. A certificate that has run out by then is told by the server.
    }
    return this.material.ca;
  }

  get cert(): Buffer | undefined {
    return this.material.cert;
  }

  get key(): Buffer | undefined {
    return this.material.key;
  }

  get passphrase(): string | undefined {
    return this.material.passphrase;
  }

  /** Keeps the same objects while the files say the same: by them the driver recognises its prepared context. */
  private read(): void {
    const found = readTlsFiles(this.files);
    if (!isSame(found, this.material)) {
      createSecureContext(found);
      this.material = found;
    }
  }
}

function isSame(a: TlsMaterial, b: TlsMaterial): boolean {
  return isSameFile(a.ca, b.ca) && isSameFile(a.cert, b.cert) && isSameFile(a.key, b.key);
}

function isSameFile(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.equals(b));
}
