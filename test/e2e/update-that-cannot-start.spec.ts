import { createHmac } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documented } from '../factories/handled-record.js';
import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { secureKafka } from '../support/secure-kafka.js';
import { shortSession } from '../support/short-session.js';
import { ThreadSabotage } from '../support/thread-sabotage.js';
import { quotedTexts } from '../support/troubleshooting-guide.js';
import { waitUntil } from '../support/wait-until.js';

const salt = 'of both';
/** The management process knows a secret that the worker does not. */
const secretsOf = { mgmt: `salt=${salt},pepper=of management alone`, worker: `salt=${salt}` };
const [, heldText = /$^/] = quotedTexts('HANDLER_UNUSABLE');
const stamp = (value: string) => ({ type: 'set', field: 'stamp', value });
const hash = (secret: string) => ({ type: 'hash', fields: ['user'], secret });

describe('an update that a worker cannot follow', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeEach(async () => {
    installation = await Installation.make('held-update', shortSession);
    api = installation.api(await installation.start(['--role', 'mgmt'], { SDP_HANDLERS_SECRETS: secretsOf.mgmt }));
  });
  afterEach(() => installation.remove());

  const startWorker = (settings: Record<string, string> = {}) =>
    installation.start(['--role', 'worker'], { SDP_HANDLERS_SECRETS: secretsOf.worker, ...settings });
  const requestOf = (handlers: object[]) => pipelineRequest(installation.indexBase(), { handlers });

  async function update({ id }: PipelineBody, handlers: object[]): Promise<void> {
    const { status, body } = await api.request('PUT', `/pipelines/${id}`, requestOf(handlers));
    expect([status, body]).toEqual([204, '']);
  }

  /** Records whose documents say by which handlers they were made. */
  async function processAs(
    pipeline: PipelineBody,
    stamped: string,
    user: (name: string) => string = (name) => name,
  ): Promise<InputRecord[]> {
    const records = Array.from({ length: 20 }, (_, n) => {
      const name = `${stamped}-${n}`;
      return documented(`{"user":"${name}","n":1.0}`, `{"user":"${user(name)}","n":1.0,"stamp":"${stamped}"}`);
    });
    await installation.kafka.produce(pipeline.input_topic, records);
    await installation.kafka.caughtUp(installation.group(pipeline.id), pipeline.input_topic, () =>
      api.tasks(pipeline.id),
    );
    return records;
  }

  const taskOf = async ({ id }: PipelineBody) => (await api.tasks(id))[0]!;
  const taskThat = (pipeline: PipelineBody, what: string, is: (task: Awaited<ReturnType<typeof taskOf>>) => boolean) =>
    waitUntil(
      `the task ${what}`,
      async () => {
        const task = await taskOf(pipeline);
        return is(task) && task;
      },
      { seen: () => taskOf(pipeline) },
    );
  const runningAbove = (pipeline: PipelineBody, revision: number) =>
    taskThat(
      pipeline,
      `runs what came after ${revision}`,
      (task) => task.state === 'running' && task.revision > revision,
    );
  const isHeld = ({ state, cause_code }: { state: string; cause_code: string }) =>
    state === 'running' && cause_code !== '';

  it('leaves the task as it was, says so, outlives its thread, and is mended by the next one', async () => {
    const sabotage = new ThreadSabotage('throw');
    const worker = await startWorker(sabotage.settings);
    const pipeline = await api.create(requestOf([stamp('first')]));
    const seen = () => api.tasks(pipeline.id);
    try {
      const { revision } = await runningAbove(pipeline, 0);
      const records = await processAs(pipeline, 'first');

      await update(pipeline, [stamp('second'), hash('pepper')]);
      const held = await taskThat(pipeline, 'says that it cannot follow', isHeld);
      expect(held).toMatchObject({ revision, cause_code: 'HANDLER_UNUSABLE', cause: expect.stringMatching(heldText) });
      const [, refused = 0, running = 0] = (/Revision (\d+) .* revision (\d+) goes on/.exec(held.cause) ?? []).map(
        Number,
      );
      expect([refused > revision, running]).toEqual([true, revision]);
      const told = await api.waitFor(pipeline.id, 'says so', ({ status_details: details }) => details !== '');
      expect(told).toMatchObject({ status: 'running', status_details: `HANDLER_UNUSABLE: ${held.cause}` });
      records.push(...(await processAs(pipeline, 'first')));

      sabotage.begin();
      await taskThat(pipeline, 'has lost its thread', ({ state }) => state === 'error');
      sabotage.end();
      expect(await taskThat(pipeline, 'goes on as before', isHeld)).toMatchObject({ revision, cause: held.cause });
      records.push(...(await processAs(pipeline, 'first')));

      await update(pipeline, [stamp('third'), hash('salt')]);
      const mended = await runningAbove(pipeline, refused);
      expect(mended).toMatchObject({ cause: '', cause_code: '' });
      expect(await api.waitFor(pipeline.id, 'is as wanted', (now) => now.status_details === '')).toMatchObject({
        status: 'running',
      });
      const hashed = (name: string) => createHmac('sha256', salt).update(name).digest('hex');
      records.push(...(await processAs(pipeline, 'third', hashed)));
      await expectExactOutcome(installation, pipeline, records, seen);

      // Once, although it was tried again and again.
      const lines = worker
        .log()
        .split('\n')
        .filter((line) => line.includes('"task goes on without a change"'));
      expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({ level: 'warn', pipeline: pipeline.id, revision: refused, running: revision }),
      ]);
    } finally {
      sabotage.remove();
    }
  });

  it('is in error on a worker that has nothing else to run', async () => {
    const worker = await startWorker();
    const pipeline = await api.create(requestOf([stamp('first')]));
    const { revision } = await runningAbove(pipeline, 0);
    await update(pipeline, [stamp('second'), hash('pepper')]);
    await taskThat(pipeline, 'says that it cannot follow', isHeld);

    await worker.stop();
    await startWorker();
    const failed = await taskThat(pipeline, 'is in error', ({ state }) => state === 'error');
    expect(failed).toMatchObject({
      cause_code: 'HANDLER_UNUSABLE',
      cause: expect.stringContaining('handlers[1].secret'),
    });
    expect(failed.revision).toBeGreaterThan(revision);
    // A second one that cannot start either has nothing to leave as it was.
    await update(pipeline, [hash('pepper')]);
    await taskThat(pipeline, 'fails of the last one', ({ cause }) => cause.includes('handlers[0].secret'));

    await update(pipeline, [stamp('third')]);
    await runningAbove(pipeline, failed.revision);
    const records = await processAs(pipeline, 'third');
    await expectExactOutcome(installation, pipeline, records, () => api.tasks(pipeline.id));
  });

  it('is followed as soon as what kept the worker from it is mended', async () => {
    const kafka = secureKafka();
    const folder = mkdtempSync(join(tmpdir(), 'held-update-'));
    const caFile = join(folder, 'ca.pem');
    copyFileSync(kafka.caFile, caFile);
    try {
      await startWorker({
        SDP_MQ_MQHOST: kafka.ssl,
        SDP_MQ_TLS_ENABLED: 'true',
        SDP_MQ_TLS_CAFILE: caFile,
        SDP_MQ_TLS_CERTFILE: kafka.certFile,
        SDP_MQ_TLS_KEYFILE: kafka.keyFile,
      });
      const pipeline = await api.create(requestOf([stamp('first')]));
      const { revision } = await runningAbove(pipeline, 0);
      rmSync(caFile);
      await update(pipeline, [stamp('second')]);
      const held = await taskThat(pipeline, 'says that it cannot follow', isHeld);
      expect(held).toMatchObject({ revision, cause_code: 'KAFKA_CONNECTION_REFUSED' });
      expect(held.cause).toContain(`mq.tls.caFile ${caFile} cannot be read`);
      expect(held.next_attempt_at).toBeGreaterThan(0);
      const records = await processAs(pipeline, 'first');

      copyFileSync(kafka.caFile, caFile);
      await runningAbove(pipeline, revision);
      records.push(...(await processAs(pipeline, 'second')));
      await expectExactOutcome(installation, pipeline, records, () => api.tasks(pipeline.id));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
