import type { Artifact } from '../download/artifacts.ts';
import type { JavaHome } from '../java.ts';
import type { Launch } from '../service-process.ts';
import type { ServiceName } from '../service-name.ts';

/** Everything a service needs to know about the sandbox it runs in. */
export interface Site {
  /** Unique among all sandboxes of all clones; each service is asked for it, so that a stranger on the port is noticed. */
  clusterName: string;
  /** The service's own folder, kept over stop and start. */
  folder: string;
  logsFolder: string;
  ports: Readonly<Record<string, number>>;
  /** The unpacked distribution in the cache; not to be written to. */
  distribution: string;
  java: JavaHome | undefined;
  credentials: Credentials;
  /** Aborted when the start is no longer wanted. */
  signal: AbortSignal | undefined;
}

export interface Credentials {
  username: string;
  password: string;
  database: string;
}

/** How one service is configured, started and asked whether it is ready. */
export interface ServiceDefinition {
  name: ServiceName;
  needsJava: boolean;
  portNames: readonly string[];
  /** From SIGTERM to SIGKILL. */
  stopDeadlineMs: number;
  artifact(java: JavaHome | undefined): Artifact;
  /** Writes the configuration and, the first time, the empty data folder. Runs before each start. */
  prepare(site: Site): Promise<void>;
  launch(site: Site): Launch;
  /** Speaks the service's protocol with it. Throws while it is not ready, or when another server answers on the port. */
  probe(site: Site): Promise<void>;
  /** What a client is given: a broker list, an URL. */
  address(site: Pick<Site, 'ports' | 'credentials'>): string;
  /** The log that a person or a pipeline reads. */
  logFile(site: Pick<Site, 'clusterName' | 'logsFolder'>): string;
}

export function portOf(site: Pick<Site, 'ports'>, name: string): number {
  const port = site.ports[name];
  if (port === undefined) throw new Error(`no port is chosen for ${name}`);
  return port;
}

export function javaOf(site: Pick<Site, 'java'>): JavaHome {
  if (site.java === undefined) throw new Error('no Java is chosen');
  return site.java;
}
