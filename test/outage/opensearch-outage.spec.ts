import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { without } from '../support/services.js';

const partitions = 4;

describe('OpenSearch going down while records flow', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('opensearch-outage', { SDP_SERVER_FLUSHITEMS: '200' });
  });
  afterAll(() => installation.remove());

  it('makes the pipeline wait with a cause, and it goes on by itself without losing or doubling anything', async () => {
    const { kafka, group } = installation;
    const api = installation.api(await installation.start(['--role', 'all']));
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const before = mixedRecords({ count: 30_000, partitions });
    const during = mixedRecords({ count: 2000, partitions, from: before.length });
    await kafka.produce(pipeline.input_topic, before);
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);

    const waiting = await without('opensearch', async () => {
      await kafka.produce(pipeline.input_topic, during);
      return api.waitFor(pipeline.id, 'names a cause', ({ status_details: details }) => details !== '');
    });

    expect(waiting.status_details).toMatch(/opensearch|bulk/i);
    await expectExactOutcome(installation, pipeline, [...before, ...during], seen);
    await api.waitFor(pipeline.id, 'runs without a complaint', ({ status, status_details: details }) => {
      return status === 'running' && details === '';
    });
  });
});
