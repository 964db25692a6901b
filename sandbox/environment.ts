import { externalSettings, hostAndPortOf } from './external.ts';
import { SandboxError } from './sandbox-error.ts';
import type { ServiceName } from './service-name.ts';

/** Where the services of a sandbox are, started here or given; a missing one is not part of the sandbox. */
export interface Addresses {
  folder: string;
  kafkaBrokers?: string;
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
    ...brokerSettings(addresses.kafkaBrokers),
    ...present({ SDP_OPENSEARCH_NODES: addresses.openSearchUrl }),
    ...databaseSettings(addresses.databaseUrl),
  };
}

/** One KEY=VALUE line for each; a value with other than plain characters is quoted for a shell. */
export function formatEnvironment(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([key, value]) => `${key}=${/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}\n`)
    .join('');
}

function brokerSettings(brokers: string | undefined): Record<string, string> {
  if (brokers === undefined) return {};
  const { host, port } = hostAndPortOf('kafka', brokers);
  return { SDP_MQ_MQHOST: host, SDP_MQ_MQPORT: String(port) };
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
