import { X509Certificate, createPrivateKey } from 'node:crypto';

import { makeAuthority } from './certificates.ts';

describe('makeAuthority', () => {
  it('issues server certificates for names and addresses, and client certificates for none', async () => {
    const authority = await makeAuthority('sandbox');
    const server = await authority.issue('broker', ['localhost', '127.0.0.1', '::1']);
    const client = await authority.issue('client');

    const certificate = new X509Certificate(server.certificate);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('elsewhere')).toBeUndefined();
    expect(new X509Certificate(client.certificate).subjectAltName).toBeUndefined();
  });

  it('signs them with its own key, and gives each its private key', async () => {
    const [authority, stranger] = [await makeAuthority('sandbox'), await makeAuthority('sandbox')];
    const { certificate, key } = await authority.issue('client');

    const issued = new X509Certificate(certificate);
    expect(issued.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(issued.verify(new X509Certificate(stranger.certificate).publicKey)).toBe(false);
    expect(issued.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });
});
