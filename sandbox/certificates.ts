import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

import type * as X509 from '@peculiar/x509';

/** PEM texts of a certificate and its private key. */
export interface Identity {
  certificate: string;
  key: string;
}

/** An authority of its own, trusted by nobody who was not given its certificate. */
export interface Authority {
  certificate: string;
  /** A certificate for a server of these hosts (names and addresses), or for a client when there is none. */
  issue(name: string, hosts?: readonly string[]): Promise<Identity>;
}

const dayMs = 86_400_000;
const validDays = 7300;
const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function makeAuthority(name: string): Promise<Authority> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const subject = `CN=${name}`;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: subject,
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issue = async (of: string, hosts: readonly string[] = []): Promise<Identity> => {
    const own = await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
    const purpose = hosts.length > 0 ? 'serverAuth' : 'clientAuth';
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(),
      subject: `CN=${of}`,
      issuer: subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: keyAlgorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[purpose]]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ...(hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension(hosts.map(alternativeName))] : []),
      ],
    });
    return { certificate: `${certificate.toString('pem')}\n`, key: await privateKeyOf(own) };
  };
  return { certificate: `${authority.toString('pem')}\n`, issue };
}

/** Loaded when something is to be made: the library takes longer to load than most commands to run. */
async function loadX509(): Promise<typeof X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function validity(): { serialNumber: string; notBefore: Date; notAfter: Date } {
  return {
    // Positive: the first bit is the sign.
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + validDays * dayMs),
  };
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: host };
}

async function privateKeyOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}
