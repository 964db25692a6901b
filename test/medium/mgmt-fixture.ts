import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection as connectDatabase, type RowDataPacket } from 'mysql2/promise';
import { pino, type Logger } from 'pino';
import request from 'supertest';
import type { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { MgmtModule } from '../../src/mgmt/mgmt.module.js';
import { MgmtRuntime } from '../../src/mgmt/mgmt-runtime.js';
import { configureHttp } from '../../src/mgmt/http/configure-http.js';
import { DebugModule } from '../../src/platform/debug/debug.module.js';
import { HealthModule } from '../../src/platform/health/health.module.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import { listenerSeparation } from '../../src/platform/http/listener-separation.js';
import { type Listener, markListener } from '../../src/platform/http/listener.js';
import { MetricsRegistry } from '../../src/platform/metrics/metrics-registry.js';
import { testConnection, until } from './kafka-fixture.js';

export const PIPELINES = `${PUBLIC_BASE}/pipelines`;
export const INTERNAL_PIPELINES = `${INTERNAL_BASE}/pipelines`;

/** A tenant and a database that no other test uses. */
export function isolated(): Record<string, string> {
  const name = randomUUID().slice(0, 8);
  return { SDP_KAFKA_NAMES_TENANT: `m${name}`, SDP_DATABASE_DATABASE: `sdp_m${name}` };
}

export function testConfig(environment: Record<string, string>): AppConfig {
  return loadConfig({ environment: { ...process.env, ...environment } });
}

/** The management half as it runs in the program, without the process around it. */
export class MgmtFixture {
  readonly log: Record<string, unknown>[] = [];
  private app!: NestExpressApplication;

  private constructor(readonly config: AppConfig) {}

  /** Resolves when `path` is answered with 200 (readiness, unless told otherwise); at once without a path. */
  static async start(
    environment: Record<string, string>,
    { path }: { path: string | undefined } = { path: '/health/ready' },
  ): Promise<MgmtFixture> {
    const fixture = new MgmtFixture(testConfig(environment));
    await fixture.boot();
    if (path !== undefined) {
      await until(`${path} answers`, async () => (await fixture.public().get(path)).status === 200);
    }
    return fixture;
  }

  /** Stops it and removes what it made; a fixture that shares its environment with another one only stops. */
  async stop({ isShared = false } = {}): Promise<void> {
    await this.get(MgmtRuntime).stop();
    await this.app.close();
    if (!isShared) {
      const { tenant } = this.config.kafka.names;
      await removeTopics(`${tenant}.`);
      await removeIndices(`mdl-${tenant}*`);
      await this.sql(`DROP DATABASE IF EXISTS \`${this.config.database.database}\``, [], '');
    }
  }

  get<T>(token: abstract new (...parameters: never[]) => T): T {
    return this.app.get(token);
  }

  public() {
    return request(this.listener('public'));
  }

  internal() {
    return request(this.listener('internal'));
  }

  /** Every route of the running application, with its pattern. */
  routes(): { method: 'get' | 'post' | 'put' | 'delete'; path: string }[] {
    const { router } = this.app.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    return router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => ({ method: method as 'get', path: route?.path ?? '' })),
    );
  }

  /** Rows of a statement on the fixture's own database. */
  async sql(statement: string, values: unknown[] = [], database = this.config.database.database) {
    // Past any proxy that stands in the fixture's own way.
    return runSql(testConfig({}), statement, values, database);
  }

  private async boot(): Promise<void> {
    class Root {}
    const { config, logger } = { config: this.config, logger: recorder(this.log) };
    const mgmt = MgmtModule.register({ config, logger, metrics: new MetricsRegistry() });
    const debug = DebugModule.register({ config, logger, role: 'mgmt', tokenPaths: [''] });
    Module({ imports: [HealthModule.register({ basePaths: ['', PUBLIC_BASE] }), debug, mgmt] })(Root);
    this.app = await NestFactory.create<NestExpressApplication>(Root, {
      logger: false,
      bodyParser: false,
      abortOnError: false,
    });
    this.app.use(listenerSeparation());
    configureHttp(this.app, config);
    await this.app.init();
    await this.get(MgmtRuntime).start();
  }

  private listener(listener: Listener): RequestListener {
    const handle = this.app.getHttpAdapter().getInstance() as RequestListener;
    return (incoming: IncomingMessage, response: ServerResponse) => {
      markListener(incoming, listener);
      handle(incoming, response);
    };
  }
}

/** Rows of a statement on the database of a configuration; with '' on none. */
export async function runSql(
  config: AppConfig,
  statement: string,
  values: unknown[] = [],
  database = config.database.database,
) {
  const { host, port, username: user, password } = config.database;
  const connection = await connectDatabase({ host, port, user, password, ...(database && { database }) });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement, values);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Topics whose name begins so. */
export async function topicsOf(prefix: string): Promise<string[]> {
  return withAdmin(async (admin) => (await admin.listTopics()).filter((topic) => topic.startsWith(prefix)).toSorted());
}

export async function removeTopics(prefix: string): Promise<void> {
  const topics = await topicsOf(prefix);
  if (topics.length > 0) {
    await withAdmin((admin) => admin.deleteTopics({ topics }));
  }
}

/** Indices and their templates. */
export async function removeIndices(pattern: string): Promise<void> {
  await opensearch(`/${pattern}`, 'DELETE');
  await opensearch(`/_index_template/${pattern}`, 'DELETE');
}

/** The answer of the sandbox's OpenSearch, whatever its status. */
export async function opensearch(
  path: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const url = process.env.OPENSEARCH_URL;
  if (!url) {
    throw new Error('OPENSEARCH_URL is not set: start a sandbox and pass its environment');
  }
  const response = await fetch(url + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

export async function makeTopic(topic: string, numPartitions = 1): Promise<void> {
  // Its own wait takes a topic that the broker has not heard of yet for a fault.
  await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false }));
  await endsOf(topic);
}

/** Spread over the partitions. */
export async function writeRecords(topic: string, values: readonly string[]): Promise<void> {
  const producer = client().producer();
  await producer.connect();
  try {
    await producer.send({ topic, messages: values.map((value, at) => ({ partition: at, value })) });
  } finally {
    await producer.disconnect();
  }
}

/** Where each partition begins and ends: what was there, and that it still is. */
export async function topicRecords(topic: string): Promise<{ partition: number; low: string; high: string }[]> {
  const ends = await withAdmin((admin) => admin.fetchTopicOffsets(topic));
  return ends
    .map(({ partition, low, high }) => ({ partition, low, high }))
    .toSorted((a, b) => a.partition - b.partition);
}

/** Settings of a topic by name. */
export async function topicConfig(topic: string): Promise<Record<string, string>> {
  return withAdmin(async (admin) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  });
}

/** The last value of each key of a topic, as workers would find it; null is a tombstone. */
export async function lastValues(topic: string): Promise<Map<string, unknown>> {
  const kafka = client();
  const ends = await endsOf(topic);
  const pending = new Map(
    ends.filter(({ high, low }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]),
  );
  const values = new Map<string, unknown>();
  if (pending.size === 0) {
    return values;
  }
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message }) => {
      values.set(String(message.key), message.value ? JSON.parse(message.value.toString()) : null);
      if (Number(message.offset) + 1 >= (pending.get(partition) ?? Infinity)) {
        pending.delete(partition);
      }
      return Promise.resolve();
    },
  });
  await until(`the end of ${topic} is read`, () => pending.size === 0);
  await consumer.disconnect();
  return values;
}

/** A topic that was made just now may not have its leaders yet. */
async function endsOf(topic: string) {
  type Ends = Awaited<ReturnType<ReturnType<Kafka['admin']>['fetchTopicOffsets']>>;
  let ends: Ends = [];
  await until(`${topic} has leaders`, async () => {
    ends = await withAdmin((admin) => admin.fetchTopicOffsets(topic)).catch((): Ends => []);
    return ends.length > 0;
  });
  return ends;
}

/** A port of this machine on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve, reject) => {
    const probe = createConnection({ port, host: '127.0.0.1' });
    probe.once('error', () => resolve());
    probe.once('connect', () => reject(new Error(`something listens on ${port}`)));
  });
  return port;
}

function recorder(lines: Record<string, unknown>[]): Logger {
  return pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
}

function client(): Kafka {
  return new Kafka({ brokers: testConnection().brokers, clientId: 'medium-test', logLevel: logLevel.NOTHING });
}

async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = client().admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
