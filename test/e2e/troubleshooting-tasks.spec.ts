import type { InputRecord } from '../factories/input-record.js';
import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { PipelineBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { shortSession } from '../support/short-session.js';
import { ThreadSabotage } from '../support/thread-sabotage.js';
import { causeInGuide } from '../support/troubleshooting-guide.js';
import { waitUntil } from '../support/wait-until.js';

/** A worker that was fenced tries again after its session. */
const settings = {
  ...shortSession,
  SDP_SERVER_MAXRECORDMIB: '1',
};
const records = jsonRecords({ count: 200, partitions: 1 });

describe('a task that does not run explains itself as the guide says', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.make('trouble-tasks', settings);
  });
  afterEach(() => installation.remove());

  it.each([
    { deed: 'throw', code: 'THREAD_DIED', isolation: 'shared', names: 'sabotage' },
    { deed: 'fill the heap', code: 'THREAD_OUT_OF_MEMORY', isolation: 'dedicated', names: 'has 100 MiB' },
  ] as const)('when its thread keeps dying, as $code, and goes on once it lives', async (death) => {
    const sabotage = new ThreadSabotage(death.deed);
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const worker = await installation.start(['--role', 'worker'], sabotage.settings);
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), {
        deployment_config: { memory_limit: 100, isolation: death.isolation },
      }),
    );
    try {
      sabotage.begin();
      const task = await waitUntil(
        'the task has failed twice in a row',
        async () => (await api.tasks(pipeline.id)).find(({ state, attempts }) => state === 'error' && attempts > 1),
        { seen: () => worker.logTail() },
      );
      expect(task).toMatchObject({ cause_code: death.code, cause: expect.stringMatching(causeInGuide(death.code)) });
      expect(task.cause).toContain(death.names);
      expect(task.next_attempt_at).toBeGreaterThan(0);
      const told = await api.waitFor(pipeline.id, 'is in error', ({ status }) => status === 'error');
      expect(told.status_details).toMatch(causeInGuide(death.code));
    } finally {
      sabotage.remove();
    }

    // The process itself has lived through all of it.
    expect(worker.isRunning).toBe(true);
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('when there is no worker, until there is one', async () => {
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const pipeline = await api.create(pipelineRequest(installation.indexBase()));
    await installation.kafka.produce(pipeline.input_topic, records);

    // Half a minute of silence, and at most as long until somebody looks.
    const told = await waitUntil(
      'the pipeline says that nobody works on it',
      async () => ((pipe: PipelineBody) => pipe.status === 'error' && pipe)(await api.get(pipeline.id)),
      { deadlineMs: 100_000 },
    );
    expect(told.status_details).toMatch(causeInGuide('NO_WORKER'));
    expect(await api.tasks(pipeline.id)).toMatchObject([{ state: 'unknown', cause_code: 'NO_WORKER' }]);

    await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('when two workers fence each other off, without losing or doubling anything', async () => {
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    // A partition for each: who was fenced learns it when it commits.
    const partitions = 2;
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const shared = await installation.start(['--role', 'worker']);
    const own = await installation.start(['--role', 'worker', '--pipeline', pipeline.id]);

    const produced: InputRecord[] = [];
    const told = await waitUntil('one of them says that the task moved', async () => {
      const more = jsonRecords({ count: 20, partitions, from: produced.length });
      produced.push(...more);
      await installation.kafka.produce(pipeline.input_topic, more);
      return [shared, own].flatMap((worker) => worker.log().split('\n')).find((line) => line.includes('"task moved"'));
    });
    expect(JSON.parse(told)).toMatchObject({
      code: 'TASK_MOVED',
      cause: expect.stringMatching(causeInGuide('TASK_MOVED')),
    });
    await own.stop();
    await expectExactOutcome(installation, pipeline, produced, () => api.get(pipeline.id));
  });
});
