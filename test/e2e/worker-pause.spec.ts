import type { InputRecord } from '../factories/input-record.js';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { shortSessionSmallBatches } from '../support/short-session.js';

const recordsARound = 20_000;
const partitions = 4;

describe('a worker that stands still for longer than its session while records flow', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('worker-pause', shortSessionSmallBatches);
  });
  afterAll(() => installation.remove());

  it('is replaced, does no harm when it wakes up, and takes over again when it has to', async () => {
    const { kafka, group } = installation;
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const produced: InputRecord[] = [];
    const produce = async () => {
      const records = mixedRecords({ count: recordsARound, partitions, from: produced.length });
      produced.push(...records);
      await kafka.produce(pipeline.input_topic, records);
    };
    await produce();
    const sleeper = await installation.start(['--role', 'worker'], {}, 'live');
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);
    sleeper.pause();

    const deputy = await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, produced, seen);

    // It still holds bulks and a transaction from before, and has not heard that its partitions are gone.
    sleeper.resume();
    await produce();
    await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);
    await deputy.kill();
    await expectExactOutcome(installation, pipeline, produced, seen);
  });
});
