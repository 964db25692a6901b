import { statSync } from 'node:fs';
import { copyFile, lchown, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { openSearchArtifact } from '../download/artifacts.ts';
import { openSearchVersionFor } from '../java.ts';
import type { Launch } from '../service-process.ts';
import { javaOf, portOf, type ServiceDefinition, type Site } from './definition.ts';

const probeTimeoutMs = 2000;
const nobodyId = 65_534;

/** OpenSearch as one node: 3.4 where the Java is new enough, else 2.19. */
export const opensearch: ServiceDefinition = {
  name: 'opensearch',
  needsJava: true,
  portNames: ['http', 'transport'],
  stopDeadlineMs: 30_000,
  artifact: (java) => openSearchArtifact(openSearchVersionFor(java?.major ?? 0)),
  prepare,
  launch,
  probe,
  address: (site) => `http://127.0.0.1:${portOf(site, 'http')}`,
  logFile: ({ logsFolder, clusterName }) => join(ownLogsFolder({ logsFolder }), `${clusterName}_server.json`),
};

async function prepare(site: Site): Promise<void> {
  const [config, data, logs] = [configFolder(site), dataFolder(site), ownLogsFolder(site)];
  const folders = [config, data, logs, temporaryFolder(site)];
  await rm(config, { recursive: true, force: true });
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const original = join(site.distribution, 'config');
  await copyFile(join(original, 'log4j2.properties'), join(config, 'log4j2.properties'));
  await writeFile(join(config, 'opensearch.yml'), settings(site, data, logs));
  await writeFile(join(config, 'jvm.options'), jvmOptions(await readFile(join(original, 'jvm.options'), 'utf8')));
  if (isRoot()) await Promise.all(folders.map(giveToNobody));
}

function launch(site: Site): Launch {
  const server = join(site.distribution, 'bin/opensearch');
  const temporary = temporaryFolder(site);
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: site.folder,
    OPENSEARCH_JAVA_HOME: javaOf(site).home,
    OPENSEARCH_PATH_CONF: configFolder(site),
    // The start script cannot take a path with a blank; without one it makes its own below /tmp.
    ...(/\s/.test(temporary) ? {} : { OPENSEARCH_TMPDIR: temporary }),
  };
  return {
    ...(isRoot() ? asNobody(site, server) : { command: server, args: [] }),
    cwd: site.folder,
    environment,
    outputFile: join(site.logsFolder, 'opensearch.log'),
  };
}

/** Asks for the health, which names the cluster, so that another one on the same port is noticed. */
async function probe(site: Site): Promise<void> {
  const response = await fetch(`${opensearch.address(site)}/_cluster/health`, {
    signal: AbortSignal.timeout(probeTimeoutMs),
  });
  const health = (await response.json()) as { cluster_name?: string; status?: string };
  if (health.cluster_name !== site.clusterName) throw new Error(`cluster ${health.cluster_name ?? '?'} answers`);
  if (health.status !== 'green' && health.status !== 'yellow') throw new Error(`health ${health.status ?? '?'}`);
}

function settings(site: Site, data: string, logs: string): string {
  const lines = {
    'cluster.name': site.clusterName,
    'node.name': 'sandbox',
    'path.data': data,
    'path.logs': logs,
    'network.host': '127.0.0.1',
    'http.port': portOf(site, 'http'),
    'transport.port': portOf(site, 'transport'),
    'discovery.type': 'single-node',
    // A nearly full disk of a developer must not turn every index read-only.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // Each test makes indexes of its own; the default ends at a thousand shards.
    'cluster.max_shards_per_node': 5000,
  };
  // JSON text is YAML text, blanks and colons included.
  return Object.entries(lines)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** The distribution's own options, without those that write into the shared distribution, and with a small heap. */
export function jvmOptions(original: string): string {
  const isKept = (line: string) => !/^\s*(#|$)|-Xm[sx]|Xlog:gc|Xloggc|HeapDump|ErrorFile|GCLogFile|PrintGC/.test(line);
  return [...original.split('\n').filter(isKept), '-Xms512m', '-Xmx512m', ''].join('\n');
}

/** OpenSearch refuses to run as root, so root lends it an id that owns nothing else. */
function asNobody(site: Site, server: string): Pick<Launch, 'command' | 'args'> {
  const folders = [site.folder, site.logsFolder, site.distribution, javaOf(site).home];
  // A root's home is closed to others: then the id gets the one right it lacks, to pass through folders.
  const isReachable = folders.every(isOpenToAll);
  const rights = isReachable
    ? []
    : ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return {
    command: 'setpriv',
    args: [`--reuid=${nobodyId}`, `--regid=${nobodyId}`, '--clear-groups', ...rights, server],
  };
}

function isOpenToAll(path: string): boolean {
  const canEnter = (statSync(path).mode & 0o001) !== 0;
  return canEnter && (dirname(path) === path || isOpenToAll(dirname(path)));
}

/** What OpenSearch made itself belongs to it already; only a folder that is not its own is walked through. */
async function giveToNobody(path: string): Promise<void> {
  if ((await lstat(path)).uid === nobodyId) return;
  const entries = await readdir(path, { recursive: true });
  await Promise.all(entries.map((entry) => lchown(join(path, entry), nobodyId, nobodyId)));
  // Last, so that an interrupted walk is done again.
  await lchown(path, nobodyId, nobodyId);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function configFolder(site: Site): string {
  return join(site.folder, 'config');
}

/** One for each version: an older OpenSearch cannot open the data of a newer one. */
function dataFolder(site: Site): string {
  return join(site.folder, 'data', openSearchVersionFor(javaOf(site).major));
}

function ownLogsFolder(site: Pick<Site, 'logsFolder'>): string {
  return join(site.logsFolder, 'opensearch');
}

function temporaryFolder(site: Site): string {
  return join(site.folder, 'tmp');
}
