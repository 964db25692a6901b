import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 3600 * 1000;

/** Paths of PEM files. */
export interface IssuedFiles {
  certFile: string;
  keyFile: string;
}

export interface CertificateRequest {
  /** Names and addresses the certificate is for; a client needs none. */
  names?: readonly string[];
  /** Encrypts the key file. */
  passphrase?: string;
  /** True for a certificate whose time is over. */
  isExpired?: boolean;
}

/** A certificate authority whose files are in a folder of their own until {@link remove}. */
export class TestAuthority {
  private issued = 0;

  private constructor(
    private readonly folder: string,
    private readonly certificate: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async create(name: string): Promise<TestAuthority> {
    const keys = await keyPair();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      ...lifetime(false),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    const authority = new TestAuthority(mkdtempSync(join(tmpdir(), 'sdp-tls-')), certificate, keys);
    writeFileSync(authority.caFile, certificate.toString('pem'));
    return authority;
  }

  /** Its own certificate. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** A certificate for both sides of a connection, in files of its own. */
  async issue(commonName: string, request: CertificateRequest = {}): Promise<IssuedFiles> {
    const files = this.files(`${commonName}-${++this.issued}`);
    await this.write(files, commonName, request);
    return files;
  }

  /** Puts another certificate, with another key, into the same files. */
  async renew(files: IssuedFiles, commonName: string, request: CertificateRequest = {}): Promise<void> {
    await this.write(files, commonName, request);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async write(files: IssuedFiles, commonName: string, request: CertificateRequest): Promise<void> {
    const keys = await keyPair();
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${commonName}`,
      issuer: this.certificate.subject,
      ...lifetime(request.isExpired === true),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: extensionsFor(request.names ?? []),
    });
    writeFileSync(files.certFile, certificate.toString('pem'));
    writeFileSync(files.keyFile, await keyText(keys.privateKey, request.passphrase));
  }

  private files(name: string): IssuedFiles {
    return { certFile: join(this.folder, `${name}.pem`), keyFile: join(this.folder, `${name}.key`) };
  }
}

async function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function lifetime(isExpired: boolean): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 2 * dayMs), notAfter: new Date(isExpired ? now - dayMs : now + dayMs) };
}

function extensionsFor(names: readonly string[]): Extension[] {
  const alternatives = names.map((value) => ({
    type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  return [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : []),
  ];
}

async function keyText(key: webcrypto.CryptoKey, passphrase: string | undefined): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const plain = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return plain.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString();
}
