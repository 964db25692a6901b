import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putScramUser } from '../../sandbox/services/kafka-users.js';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { databaseUrl } from '../support/environment.js';
import { Installation } from '../support/installation.js';
import { PlantedSecrets } from '../support/planted-secrets.js';
import type { ProgramProcess } from '../support/program-process.js';
import { runToEnd } from '../support/run-to-end.js';
import { secureKafka } from '../support/secure-kafka.js';
import { without } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const noLeak: string[] = [];
/** Uses a secret of the configuration. */
const HASHING = [
  { type: 'set', field: 'user', value: 'ann' },
  { type: 'hash', fields: ['user'], secret: 'planted' },
];
const kafka = secureKafka();
/** The listener that asks for a password, in plain text, so that it is on the wire as well. */
const kafkaLogin = (username: string) => ({
  SDP_MQ_MQHOST: kafka.sasl,
  SDP_MQ_USERNAME: username,
  SDP_MQ_SASLMECHANISM: 'scram-sha-512',
});

/** Everything that the program let somebody see, by where. */
class Evidence {
  readonly texts = new Map<string, string>();

  add(name: string, content: string): void {
    this.texts.set(name, content);
  }

  /** What the process answers on the path, whatever its status. */
  async ask(program: ProgramProcess, path: string, init: RequestInit = {}): Promise<number> {
    const response = await fetch(program.url + path, { signal: AbortSignal.timeout(30_000), ...init });
    const headers = JSON.stringify([...response.headers]);
    const body = await response.text();
    this.add(`${init.method ?? 'GET'} ${program.url}${path} (${this.texts.size})`, `${headers}\n${body}`);
    return response.status;
  }

  addLog(program: ProgramProcess): string {
    const content = readFileSync(program.logFile, 'utf8');
    this.add(`outputs of ${program.logFile}`, content);
    return content;
  }
}

const operationPages = ['/health', '/health/live', '/health/ready', '/metrics', '/nowhere'];
const debugPages = ['', '/config', '/log-level', '/process', '/connections', '/tasks', '/management'].map(
  (page) => `/debug${page}`,
);

async function askAll(evidence: Evidence, program: ProgramProcess, token: string): Promise<void> {
  for (const path of [...operationPages, '/docs/openapi.json', ...debugPages]) {
    await evidence.ask(program, path);
  }
  for (const path of debugPages) {
    const statuses = [`Bearer ${token}`, 'Bearer wrong', `Basic ${token}`].map((authorization) =>
      evidence.ask(program, path, { headers: { authorization } }),
    );
    expect({ path, statuses: await Promise.all(statuses) }).toEqual({ path, statuses: [200, 401, 401] });
  }
}

describe('the secrets of an installation that works', () => {
  const secrets = new PlantedSecrets({
    given: { 'database.password': decodeURIComponent(databaseUrl().password) },
  });
  const evidence = new Evidence();
  const logFolder = mkdtempSync(join(tmpdir(), 'secret-logs-'));
  let installation: Installation;
  let settings: Record<string, string>;

  beforeAll(async () => {
    installation = await Installation.make('secrets');
    const username = `user-${installation.suffix}`;
    await putScramUser(kafka.plain, { username, password: secrets.valueOf('mq.password') });
    settings = {
      ...secrets.environment,
      ...kafkaLogin(username),
      SDP_OPENSEARCH_USERNAME: 'somebody',
      SDP_TRACING_ENABLED: 'true',
      // Nobody collects there: each export fails, and is told about.
      SDP_TRACING_ENDPOINT: 'http://127.0.0.1:9/v1/traces',
      SDP_TRACING_SAMPLERATIO: '1',
      SDP_LOG_LOGLEVEL: 'trace',
    };
  });
  afterAll(async () => {
    await installation.remove();
    secrets.remove();
    rmSync(logFolder, { recursive: true });
  });

  it('are planted wherever the schema has one', () => {
    expect(secrets.paths).toEqual(expect.arrayContaining(['mq.password', 'database.password', 'debug.token']));
    expect(secrets.paths.length).toBeGreaterThanOrEqual(8);
  });

  it('open MariaDB and Kafka, and are seen nowhere while pipelines come, work, fail and go', async () => {
    const args = ['--config', secrets.settingsFile];
    const mgmt = await installation.start(['--role', 'mgmt', ...args], settings);
    const worker = await installation.start(['--role', 'worker', ...args], {
      ...settings,
      SDP_LOG_FILE: join(logFolder, 'worker.log'),
    });
    const api = installation.api(mgmt);
    const pipeline = await api.create(pipelineRequest(installation.indexBase(), { id: 'guarded', handlers: HASHING }));
    await installation.kafka.produce(pipeline.input_topic, mixedRecords({ count: 120, partitions: 1 }));
    await installation.kafka.caughtUp(installation.group(pipeline.id), pipeline.input_topic, () => api.get('guarded'));

    for (const program of [mgmt, worker]) {
      await askAll(evidence, program, secrets.valueOf('debug.token'));
    }
    const json = { 'content-type': 'application/json' };
    const pipelines = `${api.base.slice(mgmt.url.length)}/pipelines`;
    const otherSecret = { handlers: [{ type: 'hash', fields: ['a'], secret: 'other' }] };
    for (const body of [
      '{"name": ',
      '[]',
      ...[{ name: 5 }, { nmae: 'x' }, otherSecret].map((one) => JSON.stringify(one)),
    ]) {
      expect(await evidence.ask(mgmt, pipelines, { method: 'POST', headers: json, body })).toBe(400);
    }
    for (const path of ['', '/guarded', '/guarded/tasks', '/missing', '?limit=-1']) {
      await evidence.ask(mgmt, pipelines + path);
    }
    await without('mariadb', async () => {
      expect(await evidence.ask(mgmt, pipelines)).toBe(503);
      await waitUntil('health tells of the database', async () => (await evidence.ask(mgmt, '/health')) === 503);
    });
    await waitUntil('management is ready again', () => mgmt.answers('/health/ready'));
    await evidence.ask(mgmt, `${pipelines}/guarded?force=true`, { method: 'DELETE' });

    await mgmt.stop();
    await worker.stop();
    const log = evidence.addLog(mgmt);
    expect(log.includes('is a secret and stands in a file as plain text')).toBe(true);
    evidence.addLog(worker);
    for (const name of readdirSync(logFolder)) {
      evidence.add(name, readFileSync(join(logFolder, name), 'utf8'));
    }
    expect(evidence.texts.get('worker.log')?.includes('"level":"debug"')).toBe(true);
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });

  it('are in no record of any topic', async () => {
    const prefix = installation.group('');
    const topics = (await installation.kafka.topics()).filter((topic) => topic.startsWith(prefix.split('.')[0] ?? ''));
    expect(topics).toEqual(expect.arrayContaining([`${prefix}control`, `${prefix}status`]));
    for (const topic of topics) {
      const records = await readCommittedRecords(topic);
      const texts = records.map(
        ({ key, value, headers }) => `${String(key)} ${String(value)} ${JSON.stringify(headers)}`,
      );
      evidence.add(topic, texts.join('\n'));
    }
    expect(evidence.texts.get(`${prefix}control`)).toContain('guarded');
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });

  it('are in nothing that a command prints', async () => {
    const args = ['--config', secrets.settingsFile];
    const faulty = { ...settings, SDP_SERVER_HTTPPORT: 'none', SDP_MQ_TLS_ENABLED: 'true', SDP_MQ_TLS_CAFILE: '/none' };
    for (const [command, expected] of [
      [['--print-config', ...args], 0],
      [['--check-config', ...args], 0],
      [['--version'], 0],
      [['--help'], 0],
      [['--role', 'none'], 2],
    ] as const) {
      const { code, output } = await runToEnd(command, settings);
      expect({ command, code }).toEqual({ command, code: expected });
      evidence.add(command.join(' '), output);
    }
    const refused = await runToEnd(['--check-config', ...args], faulty);
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('mq.tls.caFile') });
    evidence.add('faults', refused.output);
    const encrypted = await runToEnd(['--encrypt', ...args], settings, secrets.valueOf('database.password'));
    expect(encrypted).toMatchObject({ code: 0, output: expect.stringMatching(/^\$\{enc:[\w-]+\}\n$/) });
    evidence.add('--encrypt', encrypted.output);
    expect(evidence.texts.get(['--print-config', ...args].join(' '))).toContain('password: "******"');
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });
});

describe('the secrets of an installation that fails', () => {
  const secrets = new PlantedSecrets();
  const evidence = new Evidence();
  let installation: Installation;
  let settings: Record<string, string>;

  beforeAll(async () => {
    installation = await Installation.make('secrets-fault');
    settings = {
      ...secrets.environment,
      ...kafkaLogin('nobody'),
      SDP_OPENSEARCH_USERNAME: 'somebody',
      SDP_LOG_LOGLEVEL: 'trace',
    };
  });
  afterAll(async () => {
    await installation.remove();
    secrets.remove();
  });

  const roleArgs = (role: string) => ['--role', role, '--config', secrets.settingsFile];

  it('are seen nowhere when MariaDB and Kafka refuse them and the process is aborted', async () => {
    const all = await installation.start(roleArgs('all'), settings, 'live');
    await waitUntil('MariaDB and Kafka have refused', async () => {
      expect(await evidence.ask(all, '/health')).toBe(503);
      const hasRefused = [...evidence.texts.values()].some((text) => text.includes('mq.password'));
      return hasRefused && evidence.addLog(all).includes('ER_ACCESS_DENIED_ERROR');
    });
    await askAll(evidence, all, secrets.valueOf('debug.token'));
    process.kill(all.pid, 'SIGABRT');
    await waitUntil('the process has ended', () => !all.isRunning);
    evidence.addLog(all);
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });

  it('are left out when an error that carries them ends the process', async () => {
    const environment = { ...settings, NODE_OPTIONS: `--import ${secrets.fatalModule()}` };
    const program = await installation.start(roleArgs('all'), environment, 'live');
    process.kill(program.pid, 'SIGUSR2');
    await waitUntil('the process has ended', () => !program.isRunning);

    const log = evidence.addLog(program);
    expect(log.includes('"msg":"Uncaught exception"')).toBe(true);
    expect(log.includes('cannot log in with ******')).toBe(true);
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });

  it('are seen nowhere when the program cannot start or migrate', async () => {
    const other = await installation.start(roleArgs('worker'), settings, 'live');
    const taken = { ...settings, SDP_SERVER_HTTPPORT: new URL(other.url).port };
    const start = await runToEnd(roleArgs('worker'), taken);
    const migration = await runToEnd(['--migrate', '--config', secrets.settingsFile], settings);

    expect(start).toMatchObject({ code: 1, output: expect.stringContaining('server.httpPort') });
    expect(migration).toMatchObject({ code: 1, output: expect.stringContaining('Cannot migrate the database') });
    evidence.add('port', start.output);
    evidence.add('migration', migration.output);
    expect(secrets.leaksIn(evidence.texts)).toEqual(noLeak);
  });
});
