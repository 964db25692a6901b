import { bulkyRecords, jsonRecords } from '../factories/input-records.js';
import { pipelineRequest, smallMemory, smallMemorySettings } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

const partitions = 4;

describe('a pipeline in one process that does everything', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('stop-and-start', smallMemorySettings);
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(() => installation.remove());

  const create = (name: string) =>
    api.create(
      pipelineRequest(installation.indexBase(name), {
        name,
        settings: { input_partitions: partitions },
        deployment_config: smallMemory,
      }),
    );

  const closed = async (pipeline: PipelineBody) => {
    await api.setStatus(pipeline.id, 'close');
    expect((await api.get(pipeline.id)).status).toBe('close');
    const { kafka, group } = installation;
    await waitUntil('nobody reads for the pipeline', () => kafka.isIdle(group(pipeline.id)), {
      seen: () => api.get(pipeline.id),
    });
  };

  it('goes on where it stopped when it is stopped and started while records flow', async () => {
    const { kafka, group } = installation;
    const pipeline = await create('halfway');
    const seen = () => api.get(pipeline.id);
    const first = bulkyRecords({ count: 40_000, partitions });
    // Closed at first, so that there is a backlog to stop in the middle of.
    await closed(pipeline);
    await kafka.produce(pipeline.input_topic, first);
    await api.setStatus(pipeline.id, 'running');
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);
    await closed(pipeline);
    const left = await kafka.lag(group(pipeline.id), pipeline.input_topic);
    const second = jsonRecords({ count: 1000, partitions, from: first.length });
    await kafka.produce(pipeline.input_topic, second);

    expect(left).toBeGreaterThan(0);
    expect(await kafka.lag(group(pipeline.id), pipeline.input_topic)).toBe(left + second.length);

    await api.setStatus(pipeline.id, 'running');
    await expectExactOutcome(installation, pipeline, [...first, ...second], seen);
  });

  it('reads what was written while it was closed, more than once', async () => {
    const { kafka } = installation;
    const pipeline = await create('again');
    const records = jsonRecords({ count: 300, partitions });
    for (const [from, to] of [
      [0, 100],
      [100, 200],
      [200, 300],
    ]) {
      await closed(pipeline);
      await kafka.produce(pipeline.input_topic, records.slice(from, to));
      await api.setStatus(pipeline.id, 'running');
    }
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    expect(await api.get(pipeline.id)).toMatchObject({ status: 'running', status_details: '' });
  });
});
