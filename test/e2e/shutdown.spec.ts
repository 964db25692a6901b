import { bulkyRecords } from '../factories/input-records.js';
import { pipelineRequest, smallMemory, smallMemorySettings } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';

const count = 40_000;
const partitions = 4;
const platformPatienceMs = 30_000;

describe('a worker that is asked to end while records flow', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('shutdown', smallMemorySettings);
  });
  afterAll(() => installation.remove());

  it('ends in time with everything it wrote committed, and the next one goes on behind it', async () => {
    const { kafka, search, group } = installation;
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), {
        settings: { input_partitions: partitions },
        deployment_config: smallMemory,
      }),
    );
    const seen = () => api.get(pipeline.id);
    const records = bulkyRecords({ count, partitions });
    await kafka.produce(pipeline.input_topic, records);
    const worker = await installation.start(['--role', 'worker'], {}, 'live');
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);

    const { code, tookMs } = await worker.stop();

    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(platformPatienceMs);
    const left = await kafka.lag(group(pipeline.id), pipeline.input_topic);
    expect(left).toBeGreaterThan(0);
    // A document without a committed offset would be written, and its record forwarded, a second time.
    expect(await search.count(`mdl-${pipeline.index_base}`)).toBe(count - left);
    expect(await kafka.isIdle(group(pipeline.id))).toBe(true);
    await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, records, seen);
  });
});
