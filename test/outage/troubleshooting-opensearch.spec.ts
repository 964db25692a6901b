import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { openSearchUrl } from '../support/environment.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { without } from '../support/services.js';
import { causeInGuide } from '../support/troubleshooting-guide.js';

const records = jsonRecords({ count: 200, partitions: 1 });

describe('a write failure of OpenSearch explains itself as the guide says', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('trouble-opensearch');
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(() => installation.remove());

  const pipelineNamed = (id: string) => api.create(pipelineRequest(installation.indexBase(id), { id, name: id }));

  /** The pipeline says it, and its task says the same. */
  const tellsWhyItWaits = async ({ id }: PipelineBody, code: string) => {
    const told = await api.waitFor(id, `tells ${code}`, ({ status_details: details }) => details.startsWith(code));
    expect(told).toMatchObject({ status: 'running', status_details: expect.stringMatching(causeInGuide(code)) });
    const [task] = await api.tasks(id);
    expect(task).toMatchObject({ cause_code: code, cause: expect.stringMatching(causeInGuide(code)) });
    return told.status_details;
  };

  const goesOn = async (pipeline: PipelineBody) => {
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    await api.waitFor(pipeline.id, 'runs without a complaint', ({ status_details: details }) => details === '');
  };

  it('when no node answers', async () => {
    const pipeline = await pipelineNamed('away');

    await without('opensearch', async () => {
      await installation.kafka.produce(pipeline.input_topic, records);
      const told = await tellsWhyItWaits(pipeline, 'OPENSEARCH_UNAVAILABLE');
      expect(told).toContain(openSearchUrl());
      expect(told).toContain('ECONNREFUSED');
    });

    await goesOn(pipeline);
  });

  it('when a full disk has blocked the index, and goes on when the block is off', async () => {
    const pipeline = await pipelineNamed('blocked');
    const alias = `mdl-${pipeline.index_base}`;
    await installation.search.blockWrites(pipeline.index_base, true);
    await installation.kafka.produce(pipeline.input_topic, records);

    const told = await tellsWhyItWaits(pipeline, 'OPENSEARCH_BLOCKED');
    expect(told).toContain(alias);
    expect(told).toContain('read-only');

    await installation.search.blockWrites(pipeline.index_base, false);
    await goesOn(pipeline);
  });
});
