import type { AppConfig } from './app-config.js';
import { type Certificates, type PemFault, readCertificates, readPrivateKey } from './pem-file.js';
import type { TlsConfig } from './tls-config.js';

export interface TlsFinding {
  /** The setting to blame. */
  path: string;
  rule: string;
}

interface TlsUse {
  section: string;
  /** The setting that decides whether TLS is used. */
  switch: string;
  isUsed: (config: AppConfig) => boolean;
  of: (config: AppConfig) => TlsConfig;
}

const TLS_USES: readonly TlsUse[] = [
  { section: 'mq.tls', switch: 'mq.tls.enabled', isUsed: ({ mq }) => mq.tls.enabled, of: ({ mq }) => mq.tls },
  {
    section: 'database.tls',
    switch: 'database.tls.enabled',
    isUsed: ({ database }) => database.tls.enabled,
    of: ({ database }) => database.tls,
  },
  {
    section: 'opensearch.tls',
    switch: 'opensearch.nodes',
    isUsed: ({ opensearch }) => opensearch.nodes.some((node) => new URL(node).protocol === 'https:'),
    of: ({ opensearch }) => opensearch.tls,
  },
  {
    section: 'indexBase.tls',
    switch: 'indexBase.url',
    isUsed: ({ indexBase }) => indexBase.provider === 'http' && indexBase.url.startsWith('https:'),
    of: ({ indexBase }) => indexBase.tls,
  },
];

/** What {@link findTlsFaults} looks for, in words. */
export const TLS_FILE_RULES: readonly string[] = [
  '`caFile` and `certFile` can be read and hold certificates, `keyFile` a private key, in PEM form',
  'the key belongs to the (first) certificate',
  '`keyPassphrase` opens the key, if that is encrypted',
];

/** Reads the files of every TLS that is in use. A setting that has a fault already is left alone. */
export function findTlsFaults(config: AppConfig, hasFault: (path: string) => boolean): TlsFinding[] {
  return TLS_USES.filter((use) => !hasFault(use.switch) && use.isUsed(config)).flatMap(({ section, of }) =>
    findingsOf(of(config), (name) => hasFault(`${section}.${name}`)).map(({ path, rule }) => ({
      path: `${section}.${path}`,
      rule,
    })),
  );
}

function findingsOf(tls: TlsConfig, hasFault: (name: keyof TlsConfig) => boolean): TlsFinding[] {
  const certificatesOf = (name: 'caFile' | 'certFile') =>
    tls[name] === '' || hasFault(name) ? undefined : readCertificates(tls[name]);
  const authorities = certificatesOf('caFile');
  const own = certificatesOf('certFile');
  const canReadKey = tls.keyFile !== '' && !hasFault('keyFile') && !hasFault('keyPassphrase');
  return [
    ...findingOf('caFile', authorities),
    ...findingOf('certFile', own),
    ...(canReadKey ? keyFindings(tls.keyFile, tls.keyPassphrase, own) : []),
  ];
}

function findingOf(path: string, read: Certificates | PemFault | undefined): TlsFinding[] {
  return read?.kind === 'fault' ? [{ path, rule: read.fault }] : [];
}

function keyFindings(keyFile: string, passphrase: string, own: Certificates | PemFault | undefined): TlsFinding[] {
  const read = readPrivateKey(keyFile, passphrase);
  switch (read.kind) {
    case 'fault':
      return [{ path: 'keyFile', rule: read.fault }];
    case 'locked':
      return [
        {
          path: 'keyPassphrase',
          rule: read.isMissing
            ? 'must be given, since the key of keyFile is encrypted'
            : 'does not open the key of keyFile',
        },
      ];
    case 'key':
      return own?.kind === 'certificates' && !own.certificates[0].checkPrivateKey(read.key)
        ? [{ path: 'keyFile', rule: 'is not the key of the certificate of certFile' }]
        : [];
  }
}
