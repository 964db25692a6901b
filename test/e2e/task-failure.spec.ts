import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { causeInGuide } from '../support/troubleshooting-guide.js';
import { waitUntil } from '../support/wait-until.js';

describe('a pipeline whose index base was taken away', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('task-failure', {
      SDP_INDEXBASE_AUTOCREATE: 'false',
      SDP_SERVER_FAILURETHRESHOLD: '2',
    });
  });
  afterAll(() => installation.remove());

  it('is in error with the cause and the next attempt, loses nothing, and goes on when the base is there again', async () => {
    const { kafka, search, suffix } = installation;
    const api = installation.api(await installation.start(['--role', 'all']));
    const base = installation.indexBase();
    await search.createBase(base);
    const pipeline = await api.create(pipelineRequest(base));
    await search.removeBases(suffix);
    const records = jsonRecords({ count: 500, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);

    const failed = await api.waitFor(pipeline.id, 'is in error', ({ status }) => status === 'error');
    expect(failed.status_details).toContain(`The alias of index base ${base} is missing`);
    const task = await waitUntil('the task tells why it failed and when it is tried again', async () => {
      return (await api.tasks(pipeline.id)).find(({ state }) => state === 'error');
    });
    expect(task).toMatchObject({
      cause_code: 'INDEX_BASE_MISSING',
      cause: expect.stringMatching(causeInGuide('INDEX_BASE_MISSING')),
    });
    expect(failed.status_details).toBe(`INDEX_BASE_MISSING: ${task.cause}`);
    expect(task.attempts).toBeGreaterThan(0);
    expect(task.next_attempt_at).toBeGreaterThan(Date.now() - 60_000);

    await search.createBase(base);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    await api.waitFor(pipeline.id, 'runs again', ({ status, status_details: details }) => {
      return status === 'running' && details === '';
    });
  });
});
