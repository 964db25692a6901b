import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { pino } from 'pino';
import type { KafkaConnection } from '../../src/platform/kafka/kafka-connection.js';
import { GroupConsumer } from '../../src/platform/kafka/group-consumer.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { KafkaWire } from '../../src/platform/kafka/wire/kafka-wire.js';
import { secureKafka } from '../support/secure-kafka.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { recordingLogger, testConnection, until } from './kafka-fixture.js';
import { controlPlaneRoundTrip, dataPlaneRoundTrip, joinGroup } from './round-trips.js';

const kafka = secureKafka();
const noFiles = { caFile: '', certFile: '', keyFile: '', keyPassphrase: '' };
const trusting = { ...noFiles, caFile: kafka.caFile };
const showing = { ...trusting, certFile: kafka.certFile, keyFile: kafka.keyFile };
const { certificates } = kafka;

type Mechanism = NonNullable<KafkaConnection['sasl']>['mechanism'];
const login = (mechanism: Mechanism, password = kafka.password) => ({
  sasl: { mechanism, username: kafka.username, password },
});
const at = (broker: string) => ({ brokers: [broker] });
const withPort = (host: string, broker: string) => `${host}:${broker.split(':').at(-1)}`;

describe.each<[string, Partial<KafkaConnection>]>([
  ['PLAIN over TLS', { ...at(kafka.saslSsl), ...login('plain'), tls: trusting }],
  ['SCRAM-SHA-256 over TLS', { ...at(kafka.saslSsl), ...login('scram-sha-256'), tls: trusting }],
  ['SCRAM-SHA-512 over TLS', { ...at(kafka.saslSsl), ...login('scram-sha-512'), tls: trusting }],
  ['SCRAM-SHA-512 in plain text', { ...at(kafka.sasl), ...login('scram-sha-512') }],
  ['a client certificate', { ...at(kafka.ssl), tls: showing }],
])('Kafka with %s', (_way, changes) => {
  const { logger } = recordingLogger();
  const connection = testConnection(changes);
  const admin = new TopicAdmin(connection, logger);
  const topic = `security-${randomUUID()}`;

  beforeAll(() => admin.ensureTopic({ topic, partitions: 1 }));
  afterAll(async () => {
    await admin.deleteTopics([topic]);
    await admin.close();
  });

  it('lets the control plane administer, write and read', async () => {
    const value = randomUUID();
    expect(await controlPlaneRoundTrip(connection, admin, topic, value, logger)).toContain(value);
    // kafkajs writes a function into the credentials that it is given; ours cross threads.
    expect(structuredClone(connection)).toEqual(connection);
  });

  it('lets the data plane join, commit a transaction and fetch', async () => {
    const value = randomUUID();
    const { values, committedOffset } = await dataPlaneRoundTrip(connection, topic, value);
    expect(values).toContain(value);
    expect(committedOffset).toBe(7);
  });
});

/** What is wrong, the code of the fault, what its text has to name, and the settings that are wrong. */
const wrong: [string, string, string, Partial<KafkaConnection>][] = [
  ...(['plain', 'scram-sha-256', 'scram-sha-512'] as const).map(
    (mechanism): [string, string, string, Partial<KafkaConnection>] => [
      `a wrong password, ${mechanism}`,
      'SASL_AUTHENTICATION_FAILED',
      'mq.password',
      { ...at(kafka.saslSsl), ...login(mechanism, 'wrong'), tls: trusting },
    ],
  ),
  [
    'a mechanism that is not offered',
    'UNSUPPORTED_SASL_MECHANISM',
    'mq.saslMechanism',
    { ...at(kafka.sasl), ...login('plain') },
  ],
  ['a login where none is taken', 'ILLEGAL_SASL_STATE', 'mq.username', { ...at(kafka.plain), ...login('plain') }],
  [
    'another authority than that of the broker',
    'CERTIFICATE_NOT_TRUSTED',
    'mq.tls.caFile',
    { ...at(kafka.saslSsl), ...login('plain'), tls: { ...noFiles, caFile: certificates.strangerCa } },
  ],
  [
    'no authority but the public ones',
    'CERTIFICATE_NOT_TRUSTED',
    'mq.tls.caFile',
    { ...at(kafka.ssl), tls: { ...showing, caFile: '' } },
  ],
  ['no client certificate', 'CLIENT_CERTIFICATE_REFUSED', 'mq.tls.certFile', { ...at(kafka.ssl), tls: trusting }],
  [
    'a client certificate of another authority',
    'CLIENT_CERTIFICATE_REFUSED',
    'mq.tls.certFile',
    { ...at(kafka.ssl), tls: { ...trusting, certFile: certificates.stranger, keyFile: certificates.strangerKey } },
  ],
  ['plain text to TLS', 'TLS_REQUIRED', 'mq.tls.enabled', at(kafka.ssl)],
  ['a login in plain text to TLS', 'TLS_REQUIRED', 'mq.tls.enabled', { ...at(kafka.saslSsl), ...login('plain') }],
  [
    'a file that does not exist',
    'TLS_FILES_UNUSABLE',
    'mq.tls.caFile /nowhere',
    { ...at(kafka.ssl), tls: { ...showing, caFile: '/nowhere' } },
  ],
  [
    'the key of another certificate',
    'TLS_FILES_UNUSABLE',
    'mq.tls.keyFile',
    { ...at(kafka.ssl), tls: { ...showing, keyFile: certificates.strangerKey } },
  ],
];

describe('what keeps us from Kafka is told, at once and not as its absence:', () => {
  const { logger } = recordingLogger();
  const topic = `absent-${randomUUID()}`;

  it.each(wrong)('%s, by the control plane', async (_what, type, told, changes) => {
    const connection = testConnection(changes);
    const admin = new TopicAdmin(connection, logger);
    const publisher = new KeyedPublisher(connection, logger);
    const fault = { code: 'KAFKA_ERROR', retryable: false, details: { type }, message: expect.stringContaining(told) };

    await expect(admin.ping()).rejects.toMatchObject(fault);
    await expect(admin.highWatermarks(topic)).rejects.toMatchObject(fault);
    await expect(publisher.send(topic, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(fault);

    await Promise.all([admin.close(), publisher.close()]);
  });

  it.each(wrong)('%s, by the data plane', async (_what, code, told, changes) => {
    const connection = testConnection(changes);
    const fault = { name: 'KafkaFault', kind: 'refused', code, message: expect.stringContaining(told) };
    const wires: KafkaWire[] = [];
    const ask = async () => {
      const wire = new KafkaWire(connection, 'test');
      wires.push(wire);
      await wire.metadata([topic]);
    };

    await expect(ask()).rejects.toMatchObject(fault);
    await expect(joinGroup(connection, `group-${randomUUID()}`, topic)).rejects.toMatchObject(fault);

    await Promise.all(wires.map((wire) => wire.close()));
  });

  it('TLS to plain text, which a broker that restarts looks like: it may pass, and the text names the setting', async () => {
    const connection = testConnection({ ...at(kafka.plain), tls: trusting, adminTimeoutMs: 2000 });
    const admin = new TopicAdmin(connection, logger);
    const wire = new KafkaWire(connection, 'test');
    const message = expect.stringContaining('mq.tls.enabled');

    await expect(admin.ping()).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', message });
    await expect(wire.metadata([topic])).rejects.toMatchObject({ kind: 'transient', message });

    await Promise.all([admin.close(), wire.close()]);
  });

  it('a host that the certificate does not name', async () => {
    const [host = '', port] = kafka.ssl.split(':');
    const proxy = await FreezableProxy.to(host, Number(port), '127.0.0.2');
    const connection = testConnection({ ...at(`127.0.0.2:${proxy.port}`), tls: showing });
    const admin = new TopicAdmin(connection, logger);
    const wire = new KafkaWire(connection, 'test');
    const message = expect.stringMatching(/mq\.mqHost.*127\.0\.0\.2/);

    const type = 'CERTIFICATE_OF_OTHER_HOST';
    await expect(admin.ping()).rejects.toMatchObject({ code: 'KAFKA_ERROR', details: { type }, message });
    await expect(wire.metadata([topic])).rejects.toMatchObject({ kind: 'refused', code: type, message });

    await Promise.all([admin.close(), wire.close()]);
    await proxy.close();
  });

  it('a consumer tells it in the log and tries again, until it is stopped', async () => {
    const { logger: recorder, lines } = recordingLogger();
    const connection = testConnection({ ...at(kafka.saslSsl), ...login('plain', 'wrong'), tls: trusting });
    const admin = new TopicAdmin(connection, recorder);
    const options = { topic, groupId: topic, sessionTimeoutMs: 10_000, reading: 'commit' as const };
    const silent = { joined: noop, batch: () => Promise.resolve(true), passed: noop, empty: noop, lost: noop };
    const consumer = new GroupConsumer(connection, admin, options, silent, recorder);

    consumer.start();
    await until('the log names the setting', () => lines.some((line) => JSON.stringify(line).includes('mq.password')));

    await consumer.stop();
    await admin.close();
  });
});

describe('an address of any kind', () => {
  const { logger } = recordingLogger();

  it.each([
    ['a name', (broker: string) => withPort('localhost', broker), '127.0.0.1'],
    ['IPv4', (broker: string) => withPort('127.0.0.1', broker), '127.0.0.1'],
    ['IPv6', (broker: string) => withPort('[::1]', broker), '::1'],
  ])('is looked for in the certificate: %s', async (_kind, spelled, listenOn) => {
    const [host = '', port] = kafka.ssl.split(':');
    const proxy = await FreezableProxy.to(host, Number(port), listenOn);
    const connection = testConnection({ ...at(spelled(`x:${proxy.port}`)), tls: showing });
    const admin = new TopicAdmin(connection, logger);
    const wire = new KafkaWire(connection, 'test');

    await expect(admin.ping()).resolves.toBeUndefined();
    expect((await wire.metadata([])).brokers.size).toBe(1);

    await Promise.all([admin.close(), wire.close()]);
    await proxy.close();
  });
});

describe('a password', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'is neither logged nor thrown: %s',
    async (mechanism) => {
      const lines: string[] = [];
      const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
      const secret = `secret-${randomUUID()}`;
      const spellings = [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
      ];
      const thrown: unknown[] = [];
      for (const password of [kafka.password, secret]) {
        const connection = testConnection({ ...at(kafka.saslSsl), ...login(mechanism, password), tls: trusting });
        const admin = new TopicAdmin(connection, logger);
        const wire = new KafkaWire(connection, 'test');
        await admin.ping().catch((error: unknown) => thrown.push(error));
        await wire.metadata([]).catch((error: unknown) => thrown.push(error));
        await Promise.all([admin.close(), wire.close()]);
      }

      expect(thrown).toHaveLength(2);
      const shown = [...lines, inspect(thrown, { depth: Infinity, showHidden: true })].join('\n');
      expect(shown).toContain('SaslAuthenticate');
      for (const spelling of [...spellings, kafka.password]) {
        expect(shown).not.toContain(spelling);
      }
      expect(lines.filter((line) => line.includes('authBytes'))).toEqual([]);
    },
  );
});

function noop(): void {
  // Nothing to look at.
}
