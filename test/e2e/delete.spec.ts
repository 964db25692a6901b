import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

const table = 't_stream_data_pipeline';

describe('deleting a pipeline', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('delete');
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(() => installation.remove());

  const deleted = async ({ id }: PipelineBody, query = '') => {
    const answer = await api.request('DELETE', `/pipelines/${id}${query}`);
    expect([202, 204]).toContain(answer.status);
    await waitUntil(`${id} is gone`, async () => (await api.request('GET', `/pipelines/${id}`)).status === 404, {
      seen: () => api.request('GET', `/pipelines/${id}`),
    });
  };

  /** A broker may list a topic for a moment longer than the controller has it. */
  const topicsGone = ({ input_topic: input, error_topic: error }: PipelineBody) =>
    waitUntil(`${input} and ${error} are gone`, async () => {
      const topics = await installation.kafka.topics();
      return !topics.includes(input) && !topics.includes(error);
    });

  it('is refused while it runs, and the records go on flowing', async () => {
    const pipeline = await api.create(pipelineRequest(installation.indexBase('busy'), { id: 'busy' }));

    const refused = await api.request('DELETE', `/pipelines/${pipeline.id}`);

    expect(refused).toMatchObject({
      status: 409,
      body: { error_code: 'StreamDataPipeline.Conflict.PipelineRunning' },
    });
    const records = jsonRecords({ count: 100, partitions: 1 });
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('takes its topics, its group and its row away once it is closed, and leaves what it wrote', async () => {
    const { kafka, search, database, group } = installation;
    const rowsBefore = await database.rowCount(table);
    const pipeline = await api.create(pipelineRequest(installation.indexBase('closed'), { id: 'closed' }));
    const records = jsonRecords({ count: 100, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    await api.setStatus(pipeline.id, 'close');

    await deleted(pipeline);

    await topicsGone(pipeline);
    expect(await kafka.topics()).toContain(pipeline.output_topic);
    expect(await kafka.groups()).not.toContain(group(pipeline.id));
    expect(await database.rowCount(table)).toBe(rowsBefore);
    expect(await search.count(`mdl-${pipeline.index_base}`)).toBe(records.length);
  });

  it('stops a running one first when it is forced', async () => {
    const pipeline = await api.create(pipelineRequest(installation.indexBase('forced'), { id: 'forced' }));

    await deleted(pipeline, '?force=true');

    await topicsGone(pipeline);
  });

  it('frees id and name for another pipeline, which begins anew', async () => {
    const request = pipelineRequest(installation.indexBase('anew'), { id: 'anew', name: 'Anew' });
    const first = await api.create(request);
    const { kafka } = installation;
    const [before, after] = [jsonRecords({ count: 50, partitions: 1 }), jsonRecords({ count: 80, partitions: 1 })];
    await kafka.produce(first.input_topic, before);
    await expectExactOutcome(installation, first, before, () => api.get(first.id));
    await deleted(first, '?force=true');

    const second = await api.create({ ...request, index_base: installation.indexBase('anew-2') });

    await kafka.produce(second.input_topic, after);
    await expectExactOutcome(installation, second, after, () => api.get(second.id));
  });

  it('answers 404 for one that is not there', async () => {
    expect(await api.request('DELETE', '/pipelines/nobody')).toMatchObject({
      status: 404,
      body: { error_code: 'StreamDataPipeline.NotFound.Pipeline' },
    });
  });
});
