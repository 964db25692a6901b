import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';

describe('a worker for one pipeline', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('single-pipeline-worker');
  });
  afterAll(() => installation.remove());

  it('runs all tasks of that pipeline, and no other', async () => {
    const { kafka, group } = installation;
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const create = (id: string) =>
      api.create(
        pipelineRequest(installation.indexBase(id), {
          id,
          settings: { input_partitions: 4 },
          deployment_config: { parallelism: 2 },
        }),
      );
    const [wanted, other] = [await create('wanted'), await create('other')];
    const records = mixedRecords({ count: 2000, partitions: 4 });
    await kafka.produce(wanted.input_topic, records);
    await kafka.produce(other.input_topic, records);

    await installation.start(['--role', 'worker', '--pipeline', wanted.id]);

    await expectExactOutcome(installation, wanted, records, () => api.get(wanted.id));
    expect(await kafka.lag(group(other.id), other.input_topic)).toBe(records.length);
  });
});
