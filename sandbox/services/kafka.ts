import { Admin } from '@platformatic/kafka';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { kafkaArtifact } from '../download/artifacts.ts';
import { runProgram } from '../run-program.ts';
import { javaOf, portOf, type ServiceDefinition, type Site } from './definition.ts';
import { writeKafkaCertificates } from './kafka-certificates.ts';
import { secureKafkaOf, secureListeners, secureProperties } from './kafka-listeners.ts';
import { logIn, putScramUser } from './kafka-users.ts';

const probeTimeoutMs = 2000;
// Above the largest record the pipelines take (20 MiB) with its envelope and error headers.
const largestMessageBytes = 32 * 1024 * 1024;

/** Apache Kafka as one KRaft node, broker and controller in one process. */
export const kafka: ServiceDefinition = {
  name: 'kafka',
  needsJava: true,
  portNames: ['client', 'controller', ...Object.values(secureListeners)],
  stopDeadlineMs: 20_000,
  artifact: kafkaArtifact,
  prepare,
  launch: (site) => ({
    command: javaCommand(site),
    args: [...jvmArguments(site), '-Xms256m', '-Xmx512m', 'kafka.Kafka', join(site.folder, 'server.properties')],
    cwd: site.folder,
    environment: process.env,
    outputFile: kafka.logFile(site),
  }),
  probe,
  address: (site) => `127.0.0.1:${portOf(site, 'client')}`,
  logFile: ({ logsFolder }) => join(logsFolder, 'kafka.log'),
};

async function prepare(site: Site): Promise<void> {
  await writeKafkaCertificates(site);
  await writeFile(join(site.folder, 'log4j2.properties'), logging);
  const data = join(site.folder, 'data');
  await writeFile(join(site.folder, 'server.properties'), serverProperties(site, data), { mode: 0o600 });
  if (existsSync(data)) return;
  // Formatted aside and renamed: an interrupted format must not pass for a finished one.
  const partial = join(site.folder, 'data.partial');
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  const formatting = join(site.folder, 'format.properties');
  await writeFile(formatting, serverProperties(site, partial), { mode: 0o600 });
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterIdOf(site), '-c', formatting];
  const logFile = join(site.logsFolder, 'kafka.format.log');
  const program = {
    command: javaCommand(site),
    args: [...jvmArguments(site), ...format],
    cwd: site.folder,
    signal: site.signal,
  };
  await runProgram({ ...program, environment: process.env, logFile }, 'Kafka could not format its data folder');
  await rename(partial, data);
  await rm(formatting);
}

/** Ready is a broker that lists itself, and knows the sandbox's user: it answers on its port before it may serve. */
async function probe(site: Site): Promise<void> {
  const admin = new Admin({
    clientId: 'sandbox-probe',
    bootstrapBrokers: [kafka.address(site)],
    connectTimeout: probeTimeoutMs,
    timeout: probeTimeoutMs,
    retries: 0,
  });
  try {
    const { id, brokers } = await admin.metadata({ topics: [], forceUpdate: true });
    if (id !== clusterIdOf(site)) throw new Error(`cluster ${id} answers instead of ${clusterIdOf(site)}`);
    if (brokers.size === 0) throw new Error('the broker is not registered yet');
  } finally {
    await admin.close();
  }
  await requireUser(site);
}

/** Made here and not with the data folder: one of an earlier sandbox has no user yet. */
async function requireUser(site: Site): Promise<void> {
  const secure = secureKafkaOf(site);
  // A broker that an earlier sandbox started has no secure listeners, and goes on without.
  if (secure === undefined) return;
  try {
    await logIn(secure.saslBrokers, secure);
  } catch (error) {
    await putScramUser(kafka.address(site), secure);
    throw error;
  }
}

/** Kafka wants 16 bytes in base64url; they only have to be unique, so the sandbox's own name gives them. */
export function clusterIdOf({ clusterName }: Pick<Site, 'clusterName'>): string {
  // A leading letter, since a leading "-" would pass for an option of the format tool.
  return Buffer.from(`S${clusterName.slice(-15).padStart(15, '_')}`, 'latin1').toString('base64url');
}

function javaCommand(site: Site): string {
  return join(javaOf(site).home, 'bin/java');
}

function jvmArguments(site: Site): string[] {
  const config = new URL(`file://${encodeURI(join(site.folder, 'log4j2.properties'))}`);
  return [
    `-Dlog4j2.configurationFile=${config.href}`,
    // Compression and the zstd library load native code, which newer Java announces on each start.
    ...(javaOf(site).major >= 24
      ? ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow']
      : []),
    '-cp',
    join(site.distribution, '*'),
  ];
}

function serverProperties(site: Site, data: string): string {
  const client = `PLAINTEXT://127.0.0.1:${portOf(site, 'client')}`;
  const secure = secureProperties(site);
  const controller = `127.0.0.1:${portOf(site, 'controller')}`;
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@${controller}`,
    `listeners=${[client, `CONTROLLER://${controller}`, ...secure.listeners].join(',')}`,
    `advertised.listeners=${[client, ...secure.advertised].join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,${secure.protocols.join(',')}`,
    ...secure.settings,
    `log.dirs=${data.replaceAll('\\', '\\\\')}`,
    'num.partitions=4',
    'offsets.topic.num.partitions=4',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    'log.retention.hours=-1',
    `message.max.bytes=${largestMessageBytes}`,
    `replica.fetch.max.bytes=${largestMessageBytes}`,
    // The default takes a quarter of the heap for a cleaner that has next to nothing to do here.
    'log.cleaner.dedupe.buffer.size=16777216',
    '',
  ].join('\n');
}

const logging = `status=error
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=INFO
rootLogger.appenderRef.c.ref=C
`;
