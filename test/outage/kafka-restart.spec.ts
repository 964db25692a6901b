import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { crashAndRestart, without } from '../support/services.js';

const partitions = 4;

describe('the Kafka broker going down while records flow', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('kafka-restart', { SDP_SERVER_FLUSHITEMS: '200' });
  });
  afterAll(() => installation.remove());

  it.each([
    ['crashes', () => crashAndRestart('kafka')],
    ['is shut down and started again', () => without('kafka', () => Promise.resolve())],
  ])('is survived without losing or doubling anything when it %s', async (how, goDownAndUp) => {
    const { kafka, group } = installation;
    const api = installation.api(await installation.start(['--role', 'all']));
    const name = how.replaceAll(' ', '-');
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(name), { name, settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const before = mixedRecords({ count: 30_000, partitions });
    const after = mixedRecords({ count: 2000, partitions, from: before.length });
    await kafka.produce(pipeline.input_topic, before);
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);

    await goDownAndUp();

    await kafka.produce(pipeline.input_topic, after);
    await expectExactOutcome(installation, pipeline, [...before, ...after], seen);
    await api.waitFor(pipeline.id, 'runs without a complaint', ({ status, status_details: details }) => {
      return status === 'running' && details === '';
    });
  });
});
