import { externalSettings, hostAndPortOf } from './external.ts';
import { SandboxError } from './sandbox-error.ts';
import type { ServiceName } from './service-name.ts';
import type { SecureKafka } from './services/kafka-listeners.ts';

/** Where the services of a sandbox are, started here or given; a missing one is not part of the sandbox. */
export interface Addresses {
  folder: string;
  kafkaBrokers?: string;
  /** Missing for a broker that was given. */
  secureKafka?: SecureKafka;
  openSearchUrl?: string;
  databaseUrl?: string;
  /** The broker's plain-text log; missing for a broker that was given. */
  kafkaLog?: string;
  /** The OpenSearch node's log, one JSON object a line; missing for a node that was given. */
  openSearchLog?: string;
}

/** What scripts and the program need in their environment to use the sandbox. Order is fixed. */
export function environmentOf(addresses: Addresses): Record<string, string> {
  return {
    ...present({
      KAFKA_BROKERS: addresses.kafkaBrokers,
      OPENSEARCH_URL: addresses.openSearchUrl,
      DATABASE_URL: addresses.databaseUrl,
      SANDBOX_DIR: addresses.folder,
      KAFKA_LOG: addresses.kafkaLog,
      OPENSEARCH_LOG: addresses.openSearchLog,
    }),
    ...secureKafkaAddresses(addresses.secureKafka),
    ...brokerSettings(addresses.kafkaBrokers),
    ...searchSettings(addresses.openSearchUrl),
    ...databaseSettings(addresses.databaseUrl),
  };
}

/** One KEY=VALUE line for each; a value with other than plain characters is quoted for a shell. */
export function formatEnvironment(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([key, value]) => `${key}=${/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}\n`)
    .join('');
}

/** For those who want to try TLS and logins; the program's own settings lead to the plain listener. */
function secureKafkaAddresses(secure: SecureKafka | undefined): Record<string, string> {
  if (secure === undefined) return {};
  return {
    KAFKA_SASL_SSL_BROKERS: secure.saslSslBrokers,
    KAFKA_SSL_BROKERS: secure.sslBrokers,
    KAFKA_SASL_BROKERS: secure.saslBrokers,
    KAFKA_USERNAME: secure.username,
    KAFKA_PASSWORD: secure.password,
    KAFKA_CA_FILE: secure.caFile,
    KAFKA_CERT_FILE: secure.certFile,
    KAFKA_KEY_FILE: secure.keyFile,
  };
}

/** The program takes a list too, with a port for each broker. */
function brokerSettings(brokers: string | undefined): Record<string, string> {
  if (brokers === undefined) return {};
  const { host, port } = hostAndPortOf('kafka', brokers);
  const one = host.includes(':') ? `[${host}]` : host;
  return { SDP_MQ_MQHOST: brokers.includes(',') ? brokers : one, SDP_MQ_MQPORT: String(port) };
}

/** The program takes the credentials apart from the address. */
function searchSettings(address: string | undefined): Record<string, string> {
  if (address === undefined) return {};
  const url = new URL(address);
  if (url.username === '') return { SDP_OPENSEARCH_NODES: address };
  const [username, password] = [decoded(url.username, 'opensearch'), decoded(url.password, 'opensearch')];
  url.username = url.password = '';
  return {
    SDP_OPENSEARCH_NODES: url.href.replace(/\/$/, ''),
    SDP_OPENSEARCH_USERNAME: username,
    SDP_OPENSEARCH_PASSWORD: password,
  };
}

function databaseSettings(address: string | undefined): Record<string, string> {
  if (address === undefined) return {};
  const { host, port } = hostAndPortOf('mariadb', address);
  const url = new URL(address);
  return {
    SDP_DATABASE_HOST: host,
    SDP_DATABASE_PORT: String(port),
    SDP_DATABASE_USERNAME: decoded(url.username, 'mariadb'),
    SDP_DATABASE_PASSWORD: decoded(url.password, 'mariadb'),
    SDP_DATABASE_DATABASE: decoded(url.pathname.slice(1), 'mariadb'),
  };
}

function decoded(text: string, name: ServiceName): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SandboxError(`${externalSettings[name]} holds a "%" that is not followed by two hex digits`);
  }
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
