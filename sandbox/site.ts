import { join } from 'node:path';

import { environmentOf } from './environment.ts';
import { externalAddresses } from './external.ts';
import type { ServiceName } from './service-name.ts';
import type { ServiceDefinition, Site } from './services/definition.ts';
import { kafka } from './services/kafka.ts';
import { secureKafkaOf, type SecureKafka } from './services/kafka-listeners.ts';
import { mariadb } from './services/mariadb.ts';
import { opensearch } from './services/opensearch.ts';
import type { SandboxState } from './state.ts';

export const definitions: Readonly<Record<ServiceName, ServiceDefinition>> = { kafka, opensearch, mariadb };

/** The name and the folder of a sandbox. */
export interface Place {
  name: string;
  folder: string;
}

export type LocalSite = Omit<Site, 'distribution' | 'java' | 'signal'>;

/** Where a service of the sandbox lives and how it is reached; ports are empty for a service that is not run here. */
export function siteOf(service: ServiceName, place: Place, state: SandboxState): LocalSite {
  const known = state.services[service];
  return {
    clusterName: `sandbox-${place.name}-${state.id}`,
    folder: join(place.folder, service),
    logsFolder: join(place.folder, 'logs'),
    ports: known?.kind === 'local' ? known.ports : {},
    credentials: { username: 'sdp', password: state.databasePassword, database: 'sdp' },
  };
}

/** What a client of the service is given: the address in the environment, else the one that the last up noted. */
export function addressOf(
  service: ServiceName,
  place: Place,
  state: SandboxState,
  environment: NodeJS.ProcessEnv,
): string {
  const given = externalAddresses(environment)[service];
  if (given !== undefined) return given;
  const known = state.services[service];
  return known?.kind === 'external' ? known.address : definitions[service].address(siteOf(service, place, state));
}

/** The settings that lead to the services of the last up. */
export function sandboxEnvironment(
  place: Place,
  state: SandboxState,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const address = (name: ServiceName) =>
    state.up.includes(name) ? addressOf(name, place, state, environment) : undefined;
  const log = (name: ServiceName) =>
    state.up.includes(name) && state.services[name]?.kind === 'local'
      ? definitions[name].logFile(siteOf(name, place, state))
      : undefined;
  return environmentOf({
    folder: place.folder,
    kafkaBrokers: address('kafka'),
    secureKafka: secureKafka(place, state),
    openSearchUrl: address('opensearch'),
    databaseUrl: address('mariadb'),
    kafkaLog: log('kafka'),
    openSearchLog: log('opensearch'),
  });
}

function secureKafka(place: Place, state: SandboxState): SecureKafka | undefined {
  const isLocal = state.up.includes('kafka') && state.services.kafka?.kind === 'local';
  return isLocal ? secureKafkaOf(siteOf('kafka', place, state)) : undefined;
}
