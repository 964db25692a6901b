import { portOf, type Site } from './definition.ts';
import { kafkaCertificates } from './kafka-certificates.ts';

type Listening = Pick<Site, 'ports'>;

/** Protocol → name of its port. Listeners beside the plain one, each as brokers have it in production. */
export const secureListeners = {
  /** Passwords over TLS. */
  SASL_SSL: 'sasl_ssl',
  /** Client certificates. */
  SSL: 'ssl',
  /** Passwords in plain text, one mechanism only. */
  SASL_PLAINTEXT: 'sasl',
} as const;

export interface SecureKafka {
  saslSslBrokers: string;
  sslBrokers: string;
  saslBrokers: string;
  /** The user that may log in at the SASL listeners. */
  username: string;
  password: string;
  caFile: string;
  certFile: string;
  keyFile: string;
}

/** How clients reach the secure listeners; undefined for a broker that was started before there were any. */
export function secureKafkaOf(site: Pick<Site, 'ports' | 'folder' | 'credentials'>): SecureKafka | undefined {
  if (Object.values(secureListeners).some((name) => site.ports[name] === undefined)) return undefined;
  const { ca, client, clientKey } = kafkaCertificates(site);
  const { username, password } = site.credentials;
  return {
    saslSslBrokers: address(site, 'SASL_SSL'),
    sslBrokers: address(site, 'SSL'),
    saslBrokers: address(site, 'SASL_PLAINTEXT'),
    username,
    password,
    caFile: ca,
    certFile: client,
    keyFile: clientKey,
  };
}

/** Parts of the broker's configuration; where it has a list, entries of that list. */
export function secureProperties(site: Site) {
  const protocols = Object.keys(secureListeners) as (keyof typeof secureListeners)[];
  return {
    listeners: protocols.map((protocol) => `${protocol}://127.0.0.1:${portOf(site, secureListeners[protocol])}`),
    advertised: protocols.map((protocol) => `${protocol}://${address(site, protocol)}`),
    protocols: protocols.map((protocol) => `${protocol}:${protocol}`),
    settings: [...protocols.map(oneThread), ...tlsSettings(site), ...saslSettings(site)],
  };
}

/** One is called by name and the others by address: a client has to check both against the certificate. */
function address(site: Listening, protocol: keyof typeof secureListeners): string {
  const host = protocol === 'SASL_SSL' ? 'localhost' : '127.0.0.1';
  return `${host}:${portOf(site, secureListeners[protocol])}`;
}

/** Each thread reads the certificates for itself, which the start of the broker waits for. */
function oneThread(protocol: string): string {
  return `listener.name.${protocol.toLowerCase()}.num.network.threads=1`;
}

function tlsSettings(site: Site): string[] {
  const { ca, broker } = kafkaCertificates(site);
  const path = (file: string) => file.replaceAll('\\', '\\\\');
  return [
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${path(broker)}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${path(ca)}`,
    'listener.name.ssl.ssl.client.auth=required',
  ];
}

function saslSettings({ credentials: { username, password } }: Site): string[] {
  const login = (name: string) => `org.apache.kafka.common.security.${name} required`;
  const scram = `${login('scram.ScramLoginModule')};`;
  return [
    'listener.name.sasl_ssl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${login('plain.PlainLoginModule')} user_${username}="${password}";`,
    `listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${scram}`,
    'listener.name.sasl_plaintext.sasl.enabled.mechanisms=SCRAM-SHA-512',
    `listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=${scram}`,
  ];
}
