import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { copyFile, rm, unlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { makeAuthority } from '../../sandbox/certificates.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { KafkaWire } from '../../src/platform/kafka/wire/kafka-wire.js';
import { secureKafka } from '../support/secure-kafka.js';
import { recordingLogger, testConnection, until } from './kafka-fixture.js';

const { logger } = recordingLogger();
const noClient = { certFile: '', keyFile: '', keyPassphrase: '' };
const folder = mkdtempSync(join(tmpdir(), 'kafka-tls-'));

afterAll(() => rm(folder, { recursive: true }));

describe('the server name of TLS', () => {
  it.each([
    ['a host name', 'localhost', 'localhost'],
    // A literal address is not allowed there, and some servers end the handshake over it.
    ['nothing for IPv4', '127.0.0.1', false],
    ['nothing for IPv6', '[::1]', false],
  ])('is %s, from both clients', async (_what, host, expected) => {
    const authority = await makeAuthority('names');
    const { certificate, key } = await authority.issue('broker', ['localhost', '127.0.0.1', '::1']);
    const caFile = join(folder, `${randomUUID()}.pem`);
    await writeFile(caFile, authority.certificate);
    const names: TLSSocket['servername'][] = [];
    // It only greets; that no Kafka follows is what both clients are told then.
    const server = createServer({ cert: certificate, key }, (socket: TLSSocket) => {
      names.push(socket.servername);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, host === '[::1]' ? '::1' : '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connection = testConnection({
      brokers: [`${host}:${port}`],
      adminTimeoutMs: 500,
      tls: { ...noClient, caFile },
    });

    const admin = new TopicAdmin(connection, logger);
    await expect(admin.ping()).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    const [ofControlPlane] = names.splice(0);
    const wire = new KafkaWire(connection, 'test');
    await expect(wire.metadata([])).rejects.toMatchObject({ kind: 'transient' });

    expect([ofControlPlane, names[0]]).toEqual([expected, expected]);
    await Promise.all([admin.close(), wire.close()]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the files of mq.tls', () => {
  const kafka = secureKafka();

  it('are read again for each connection, so that a renewed one needs no restart', async () => {
    const caFile = join(folder, 'renewed.pem');
    await copyFile(kafka.certificates.strangerCa, caFile);
    const connection = testConnection({
      brokers: [kafka.ssl],
      tls: { ...noClient, caFile, certFile: kafka.certFile, keyFile: kafka.keyFile },
    });
    const wire = new KafkaWire(connection, 'test');
    await expect(wire.metadata([])).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_TRUSTED' });

    await copyFile(kafka.caFile, caFile);

    expect((await wire.metadata([])).brokers.size).toBe(1);
    await wire.close();
  });

  it('may be away for a moment, while they are replaced', async () => {
    const caFile = join(folder, 'replaced.pem');
    await copyFile(kafka.caFile, caFile);
    const connection = testConnection({
      brokers: [kafka.ssl],
      tls: { ...noClient, caFile, certFile: kafka.certFile, keyFile: kafka.keyFile },
    });
    const wire = new KafkaWire(connection, 'test');
    await unlink(caFile);

    await until('the broker answers', async () => (await wire.metadata([], true)).brokers.size === 1);
    await wire.close();
  });
});
