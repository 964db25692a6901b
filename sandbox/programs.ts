import type { DownloadCache } from './download/cache.ts';
import { requireMaven } from './download/maven.ts';
import { getJava, type JavaHome } from './java.ts';
import type { ServiceDefinition } from './services/definition.ts';

/**
 * Looks, before anything is started, for what must be installed on the machine: Java where a service runs on it, Maven
 * (and a Java for Maven) where something is still to be downloaded. Throws one line that says what to install. Returns
 * the Java that the services run on; undefined when none of them needs it.
 */
export async function requirePrograms(
  services: readonly ServiceDefinition[],
  cache: DownloadCache,
  environment: NodeJS.ProcessEnv,
): Promise<JavaHome | undefined> {
  const java = services.some(({ needsJava }) => needsJava) ? await getJava(environment) : undefined;
  if (services.some((service) => !cache.has(service.artifact(java)))) {
    requireMaven(environment);
    if (java === undefined) await getJava(environment);
  }
  return java;
}
