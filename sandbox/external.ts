import { connect } from 'node:net';
import { once } from 'node:events';

import { SandboxError } from './sandbox-error.ts';
import { serviceNames, type ServiceName } from './service-name.ts';

const connectTimeoutMs = 5000;

/** The setting that names a service of one's own; a service whose setting is given is not started here. */
export const externalSettings: Readonly<Record<ServiceName, string>> = {
  kafka: 'SDP_SANDBOX_KAFKA_BROKERS',
  opensearch: 'SDP_SANDBOX_OPENSEARCH_URL',
  mariadb: 'SDP_SANDBOX_DATABASE_URL',
};

export interface HostAndPort {
  host: string;
  port: number;
}

/** The addresses given by the environment. Throws when one cannot be understood. */
export function externalAddresses(environment: NodeJS.ProcessEnv): Partial<Record<ServiceName, string>> {
  const given: Partial<Record<ServiceName, string>> = {};
  for (const name of serviceNames) {
    const address = environment[externalSettings[name]];
    if (address === undefined || address === '') continue;
    hostAndPortOf(name, address);
    given[name] = address;
  }
  return given;
}

/** Where a service listens; for a list of brokers, the first one. */
export function hostAndPortOf(name: ServiceName, address: string): HostAndPort {
  const defaultPorts = { kafka: 9092, opensearch: 9200, mariadb: 3306 };
  const first = name === 'kafka' ? `kafka://${address.split(',')[0] ?? ''}` : address;
  const url = URL.canParse(first) ? new URL(first) : undefined;
  if (url === undefined || url.hostname === '' || !isKnownScheme(name, url.protocol)) {
    const wanted = {
      kafka: 'host:port[,host:port]',
      opensearch: 'http://host:port',
      mariadb: 'mysql://user:password@host:port/database',
    };
    throw new SandboxError(`${externalSettings[name]} must look like ${wanted[name]}`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.port !== '') return { host, port: Number(url.port) };
  const port = { 'http:': 80, 'https:': 443 }[url.protocol];
  return { host, port: port ?? defaultPorts[name] };
}

/** Throws one line when nothing listens at the address. */
export async function requireReachable(name: ServiceName, address: string): Promise<void> {
  const { host, port } = hostAndPortOf(name, address);
  const socket = connect({ host, port, timeout: connectTimeoutMs });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : 'not reachable';
    throw new SandboxError(`${name} at ${host}:${port}, given by ${externalSettings[name]}: ${reason}`);
  } finally {
    socket.destroy();
  }
}

function isKnownScheme(name: ServiceName, protocol: string): boolean {
  const schemes = { kafka: ['kafka:'], opensearch: ['http:', 'https:'], mariadb: ['mysql:', 'mariadb:'] };
  return schemes[name].includes(protocol);
}
