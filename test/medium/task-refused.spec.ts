import { AppConfig } from '../../src/config/app-config.js';
import { buildTaskSettings } from '../../src/worker/supervisor/build-task-settings.js';
import { TaskRunner } from '../../src/worker/task/task-runner.js';
import type { TaskStatus } from '../../src/worker/task/task-status.js';
import { desiredTask } from '../factories/desired-task.js';
import { secureKafka } from '../support/secure-kafka.js';
import { testConnection, until } from './kafka-fixture.js';

const kafka = secureKafka();
const tls = { caFile: kafka.caFile, certFile: '', keyFile: '', keyPassphrase: '' };
const sasl = { mechanism: 'scram-sha-512', username: kafka.username, password: kafka.password } as const;

describe('a task that Kafka does not let in', () => {
  it.each([
    ['a wrong password', { sasl: { ...sasl, password: 'wrong' }, tls }, 'KAFKA_CONNECTION_REFUSED', 'mq.password'],
    [
      'another authority than that of the broker',
      { sasl, tls: { ...tls, caFile: kafka.certificates.strangerCa } },
      'KAFKA_CONNECTION_REFUSED',
      'mq.tls.caFile',
    ],
    ['no TLS', { sasl }, 'KAFKA_CONNECTION_REFUSED', 'mq.tls.enabled'],
    [
      'a file that is missing',
      { sasl, tls: { ...tls, caFile: '/nowhere' } },
      'KAFKA_CONNECTION_REFUSED',
      'mq.tls.caFile',
    ],
  ])('is in error with the cause, and is tried again later: %s', async (_what, changes, code, told) => {
    const connection = testConnection({ brokers: [kafka.saslSsl], ...changes });
    const settings = { ...buildTaskSettings(new AppConfig(), desiredTask()), kafka: connection };
    const statuses: TaskStatus[] = [];
    const runner = new TaskRunner(settings, {
      findBase: () => Promise.resolve(undefined),
      reviveBase: () => Promise.resolve(false),
      log: () => undefined,
      emitSpans: () => undefined,
      onStatus: (status) => statuses.push({ ...status }),
    });
    const failures = () => statuses.filter(({ state }) => state === 'error');

    runner.start();
    await until('the task has failed twice', () => failures().length >= 2);
    await runner.stop(5000);

    const [first, second] = failures();
    expect(first).toMatchObject({ causeCode: code, cause: expect.stringContaining(told), attempts: 1 });
    expect(first?.nextAttemptAt).toBeGreaterThan(0);
    expect(second).toMatchObject({ causeCode: code, attempts: 2 });
    expect(statuses.at(-1)?.state).toBe('stopped');
  });
});
