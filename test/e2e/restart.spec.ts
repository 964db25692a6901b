import type { InputRecord } from '../factories/input-record.js';
import { bulkyRecords } from '../factories/input-records.js';
import { pipelineRequest, smallMemory, smallMemorySettings } from '../factories/pipeline-request.js';
import type { ApiClient } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

const restarts = 5;
const recordsAtOnce = 2000;
const mostWaiting = 10_000;
const partitions = 4;
const parallelism = 2;

describe('restarting a pipeline', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('restart', smallMemorySettings);
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(() => installation.remove());

  const create = (name: string) =>
    api.create(
      pipelineRequest(installation.indexBase(name), {
        name,
        settings: { input_partitions: partitions },
        deployment_config: { memory_limit: smallMemory.memory_limit * parallelism, parallelism },
      }),
    );
  /** Revisions that the tasks of the pipeline run, once all of them run one above `above`. */
  const runningAbove = (id: string, above: number) =>
    waitUntil(
      `the tasks of ${id} run what came after ${above}`,
      async () => {
        const tasks = await api.tasks(id);
        const areThere = tasks.every(({ state, revision }) => state === 'running' && revision > above);
        return areThere && tasks.length === parallelism && Math.max(...tasks.map(({ revision }) => revision));
      },
      { seen: () => api.tasks(id) },
    );

  it('loses and doubles nothing, however often its tasks begin anew while records flow', async () => {
    const { kafka, group } = installation;
    const pipeline = await create('busy');
    const seen = () => api.tasks(pipeline.id);
    const records: InputRecord[] = [];
    const lag = () => kafka.lag(group(pipeline.id), pipeline.input_topic);
    /** As many as the tasks keep up with: what waits is bounded, what there is to check as well. */
    const produce = async (until: () => boolean) => {
      while (!until()) {
        const next = bulkyRecords({ count: recordsAtOnce, partitions, from: records.length });
        await kafka.produce(pipeline.input_topic, next);
        records.push(...next);
        await waitUntil('the tasks keep up', async () => (await lag()) < mostWaiting, { seen });
      }
    };
    let done = 0;
    const producing = produce(() => done === restarts);
    let [revision, committed] = [await runningAbove(pipeline.id, 0), 0];
    while (done < restarts) {
      committed = await waitUntil('some more is committed, and some is not', async () => {
        const waiting = await lag();
        return waiting > 0 && records.length - waiting > committed && records.length - waiting;
      });
      expect(await api.request('POST', `/pipelines/${pipeline.id}/restart`)).toMatchObject({ status: 202 });
      revision = await runningAbove(pipeline.id, revision);
      done += 1;
    }
    await producing;

    await expectExactOutcome(installation, pipeline, records, seen);
    const { body } = await api.request<{ history: { state: string; index: number }[] }>(
      'GET',
      `/pipelines/${pipeline.id}/tasks?history=true`,
    );
    for (const task of [0, 1]) {
      const starts = body.history.filter(({ state, index }) => index === task && state === 'running');
      expect(starts.length).toBeGreaterThan(restarts);
    }
  });

  it('is refused for one that is closed, which stays so', async () => {
    const pipeline = await create('closed');
    await api.setStatus(pipeline.id, 'close');
    expect(await api.request('POST', `/pipelines/${pipeline.id}/restart`)).toMatchObject({
      status: 409,
      body: { error_code: 'StreamDataPipeline.Conflict.PipelineClosed' },
    });
    expect(await api.get(pipeline.id)).toMatchObject({ status: 'close' });
  });
});
