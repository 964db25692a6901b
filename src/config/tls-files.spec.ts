import { KeyObject, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';
import { ConfigError } from './config-error.js';
import { describeFault } from './config-fault.js';
import { loadConfig } from './load-config.js';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const passphrase = 'hunter2hunter2';

interface Identity {
  certificate: string;
  key: string;
  encryptedKey: string;
}

async function identity(name: string): Promise<Identity> {
  cryptoProvider.set(webcrypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    signingAlgorithm: algorithm,
    keys,
  });
  const key = KeyObject.from(keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
    encryptedKey: String(key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })),
  };
}

const path = (name: string) => join(folder, name);

function faultsOf(
  tls: Record<string, string>,
  more: Record<string, string> = { SDP_MQ_TLS_ENABLED: 'true' },
): string[] {
  const environment = Object.fromEntries(
    Object.entries(tls).map(([name, value]) => [
      `SDP_MQ_TLS_${name.toUpperCase()}`,
      name.endsWith('File') ? path(value) : value,
    ]),
  );
  try {
    loadConfig({ environment: { ...environment, ...more } });
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.faults.map(describeFault);
    }
    throw error;
  }
  return [];
}

beforeAll(async () => {
  const [one, other] = [await identity('one'), await identity('other')];
  const files = {
    'cert.pem': one.certificate,
    'chain.pem': `${one.certificate}\n${other.certificate}\n`,
    'key.pem': one.key,
    'both.pem': `${one.key}\n${one.certificate}`,
    'encrypted.pem': one.encryptedKey,
    'other-key.pem': other.key,
    'text.pem': 'not PEM at all',
    'damaged.pem': one.certificate.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
    'damaged-key.pem': one.key.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
  };
  Object.entries(files).forEach(([name, content]) => writeFileSync(path(name), content));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of TLS', () => {
  it.each([
    [{ caFile: 'chain.pem' }],
    [{ certFile: 'cert.pem', keyFile: 'key.pem' }],
    [{ certFile: 'chain.pem', keyFile: 'key.pem' }],
    [{ certFile: 'both.pem', keyFile: 'both.pem' }],
    [{ certFile: 'cert.pem', keyFile: 'encrypted.pem', keyPassphrase: passphrase }],
  ])('are accepted when they fit together: %j', (tls) => {
    expect(faultsOf(tls)).toEqual([]);
  });

  it.each([
    [{ caFile: 'gone.pem' }, /^mq\.tls\.caFile = ".*gone\.pem": cannot be read: no such file \(SDP_MQ_TLS_CAFILE\)$/],
    [{ caFile: '' }, /^mq\.tls\.caFile = ".*": cannot be read: it is a folder/],
    [{ caFile: 'text.pem' }, /^mq\.tls\.caFile = .*: must hold a certificate in PEM form/],
    [{ caFile: 'key.pem' }, /^mq\.tls\.caFile = .*: must hold a certificate, not PRIVATE KEY/],
    [{ caFile: 'damaged.pem' }, /^mq\.tls\.caFile = .*: holds a certificate that is damaged/],
    [{ certFile: 'cert.pem', keyFile: 'cert.pem' }, /^mq\.tls\.keyFile = .*: must hold a private key, not CERTIFICATE/],
    [
      { certFile: 'cert.pem', keyFile: 'damaged-key.pem' },
      /^mq\.tls\.keyFile = .*: holds a private key that is damaged/,
    ],
    [
      { certFile: 'cert.pem', keyFile: 'other-key.pem' },
      /^mq\.tls\.keyFile = .*: is not the key of the certificate of/,
    ],
    [
      { certFile: 'cert.pem', keyFile: 'encrypted.pem' },
      /^mq\.tls\.keyPassphrase = \*{6}: must be given, since the key/,
    ],
    [
      { certFile: 'cert.pem', keyFile: 'encrypted.pem', keyPassphrase: 'hunter3' },
      /^mq\.tls\.keyPassphrase = \*{6}: does not open the key of keyFile \(SDP_MQ_TLS_KEYPASSPHRASE\)$/,
    ],
  ])('are refused when they are not right: %j', (tls, expected) => {
    expect(faultsOf(tls)).toEqual([expect.stringMatching(expected)]);
  });

  it('are told about all at once, beside other faults', () => {
    expect(
      faultsOf(
        { caFile: 'text.pem', certFile: 'gone.pem', keyFile: 'cert.pem' },
        { SDP_MQ_TLS_ENABLED: 'true', SDP_MQ_MQPORT: '0' },
      ),
    ).toEqual([
      expect.stringMatching(/^mq\.mqPort = 0/),
      expect.stringMatching(/^mq\.tls\.caFile/),
      expect.stringMatching(/^mq\.tls\.certFile/),
      expect.stringMatching(/^mq\.tls\.keyFile/),
    ]);
  });

  it('are not looked at while that TLS is not in use', () => {
    expect(
      faultsOf({ caFile: 'gone.pem' }, { SDP_OPENSEARCH_TLS_CAFILE: 'gone', SDP_DATABASE_TLS_CAFILE: 'gone' }),
    ).toEqual([]);
  });

  it('are those of OpenSearch when a node is addressed by https, and those of MariaDB when it is switched on', () => {
    expect(
      faultsOf(
        {},
        {
          SDP_OPENSEARCH_NODES: 'http://a:9200,https://b:9200',
          SDP_OPENSEARCH_TLS_CAFILE: path('gone.pem'),
          SDP_DATABASE_TLS_ENABLED: 'true',
          SDP_DATABASE_TLS_CAFILE: path('text.pem'),
        },
      ),
    ).toEqual([
      expect.stringMatching(/^database\.tls\.caFile = .*: must hold a certificate in PEM form/),
      expect.stringMatching(/^opensearch\.tls\.caFile = .*: cannot be read: no such file/),
    ]);
  });
});
