import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiAnswer, ApiClient } from '../support/api-client.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { without } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const table = 't_stream_data_pipeline';

describe('the API while a service is down', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('service-down');
    api = installation.api(await installation.start(['--role', 'mgmt']));
    await installation.start(['--role', 'worker'], {}, 'live');
  });
  afterAll(() => installation.remove());

  const create = (name: string) =>
    api.request('POST', '/pipelines', pipelineRequest(installation.indexBase(name), { id: name, name }));

  /** 503 with a time to come back, which is what tells a caller that trying again makes sense. */
  const expectUnavailable = (answer: ApiAnswer, dependency: string) => {
    expect(answer).toMatchObject({
      status: 503,
      body: { error_code: `StreamDataPipeline.ServiceUnavailable.${dependency}` },
    });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  };

  /** The services answer again; the program may need a moment to notice. */
  const createdAfterwards = async (name: string) => {
    const answer = await waitUntil(
      `${name} can be created`,
      async () => {
        const tried = await create(name);
        return tried.status !== 503 && tried;
      },
      { seen: () => create(name) },
    );
    expect(answer.status).toBe(201);
  };

  it('refuses a create without Kafka and leaves nothing half made', async () => {
    const before = await installation.database.rowCount(table);

    expectUnavailable(await without('kafka', () => create('no-kafka')), 'Kafka');

    expect(await api.request('GET', '/pipelines/no-kafka')).toMatchObject({ status: 404 });
    await waitUntil('the row is gone', async () => (await installation.database.rowCount(table)) === before, {
      seen: () => installation.database.rowCount(table),
    });
    const topics = await installation.kafka.topics();
    expect(topics.filter((topic) => topic.includes('no-kafka'))).toEqual([]);
    await createdAfterwards('no-kafka');
  });

  it('refuses a create without OpenSearch and leaves nothing half made', async () => {
    const before = await installation.database.rowCount(table);

    expectUnavailable(await without('opensearch', () => create('no-search')), 'IndexBase');

    expect(await installation.database.rowCount(table)).toBe(before);
    await createdAfterwards('no-search');
  });

  it('refuses everything without its database while the records go on flowing', async () => {
    const pipeline = await api.create(pipelineRequest(installation.indexBase('flowing'), { id: 'flowing' }));
    const records = jsonRecords({ count: 500, partitions: 1 });

    await without('mariadb', async () => {
      expectUnavailable(await create('no-database'), 'Database');
      expectUnavailable(await api.request('GET', '/pipelines'), 'Database');
      expectUnavailable(await api.request('GET', '/pipelines/flowing'), 'Database');
      await installation.kafka.produce(pipeline.input_topic, records);
      await expectExactOutcome(installation, pipeline, records, () => 'the database is down');
    });

    await createdAfterwards('no-database');
  });

  it('says on its health page what it cannot reach, and is alive all the same', async () => {
    const health = await without('mariadb', async () => ({
      ready: await fetch(api.url + '/health/ready'),
      live: await fetch(api.url + '/health/live'),
    }));

    expect([health.ready.status, health.live.status]).toEqual([503, 200]);
    expect(JSON.stringify(await health.ready.json())).toMatch(/database/);
  });
});
