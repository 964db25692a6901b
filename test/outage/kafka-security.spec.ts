import { readFileSync } from 'node:fs';
import { putScramUser } from '../../sandbox/services/kafka-users.js';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ErrorBody } from '../support/api-client.js';
import { uniqueSuffix } from '../support/environment.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { secureKafka } from '../support/secure-kafka.js';
import { crashAndRestart } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const partitions = 2;
const secure = secureKafka();
const user = { username: `user-${uniqueSuffix()}`, password: `right-${uniqueSuffix()}` };
const settings = {
  SDP_MQ_MQHOST: secure.saslSsl,
  SDP_MQ_USERNAME: user.username,
  SDP_MQ_PASSWORD: user.password,
  SDP_MQ_SASLMECHANISM: 'scram-sha-512',
  SDP_MQ_TLS_ENABLED: 'true',
  SDP_MQ_TLS_CAFILE: secure.caFile,
};

interface HealthBody {
  details: { kafka: { status: string; message?: string } };
}

async function kafkaHealth(program: ProgramProcess): Promise<HealthBody['details']['kafka']> {
  const response = await fetch(`${program.url}/health`);
  return ((await response.json()) as HealthBody).details.kafka;
}

async function toldByHealth(program: ProgramProcess, text: string): Promise<void> {
  await waitUntil(
    `/health tells of ${text}`,
    async () => {
      const { status, message } = await kafkaHealth(program);
      return status === 'down' && message?.includes(text) === true;
    },
    { seen: () => kafkaHealth(program) },
  );
}

describe('Kafka with TLS and passwords', () => {
  let installation: Installation;

  beforeAll(async () => {
    await putScramUser(secure.plain, user);
    installation = await Installation.make('kafka-security', settings);
  });
  afterAll(() => installation.remove());

  it('runs pipelines, and goes on where it was after a time in which the password was another one', async () => {
    const { kafka } = installation;
    const program = await installation.start(['--role', 'all']);
    const api = installation.api(program);
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const before = mixedRecords({ count: 2000, partitions });
    await kafka.produce(pipeline.input_topic, before);
    await expectExactOutcome(installation, pipeline, before, seen);

    await putScramUser(secure.plain, { ...user, password: `other-${uniqueSuffix()}` });
    // Who is logged in stays it for as long as the connection lives.
    await crashAndRestart('kafka');
    await toldByHealth(program, 'mq.password');
    const after = mixedRecords({ count: 2000, partitions, from: before.length });
    await kafka.produce(pipeline.input_topic, after);

    await putScramUser(secure.plain, user);
    await expectExactOutcome(installation, pipeline, [...before, ...after], seen);
    await api.waitFor(pipeline.id, 'runs without a complaint', ({ status, status_details: details }) => {
      return status === 'running' && details === '';
    });
    expect(readFileSync(program.logFile, 'utf8')).not.toContain(user.password);
  });

  it('answers, and tells that Kafka refuses the credentials, with a password that was never right', async () => {
    const password = `never-${uniqueSuffix()}`;
    const program = await installation.start(['--role', 'all'], { SDP_MQ_PASSWORD: password }, 'live');
    await waitUntil('the database is connected', () => program.answers('/health/live'));

    await toldByHealth(program, 'mq.password');
    const answer = await waitUntil('the API tells it', async () => {
      const { status, body } = await installation
        .api(program)
        .request<ErrorBody>('POST', '/pipelines', pipelineRequest(installation.indexBase('refused')));
      return status === 500 && body;
    });

    expect(answer).toMatchObject({ error_code: expect.stringContaining('InternalError.Kafka') });
    expect(answer.error_details['reason']).toContain('mq.username, mq.password and mq.saslMechanism');
    expect(JSON.stringify(answer)).not.toContain(password);
    expect(readFileSync(program.logFile, 'utf8')).not.toContain(password);
    expect(await program.stop()).toMatchObject({ code: 0 });
  });
});
