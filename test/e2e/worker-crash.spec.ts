import { mixedRecords } from '../factories/input-records.js';
import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import { shortSessionSmallBatches } from '../support/short-session.js';

const rounds = 4;
const recordsARound = 15_000;
const partitions = 4;

describe('a worker that is killed while records flow, again and again', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('worker-crash', shortSessionSmallBatches);
  });
  afterAll(() => installation.remove());

  it('loses nothing and forwards nothing twice', async () => {
    const { kafka, group } = installation;
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    const seen = () => api.get(pipeline.id);
    const produced: InputRecord[] = [];
    for (let round = 0; round < rounds; round++) {
      const records = mixedRecords({ count: recordsARound, partitions, from: produced.length });
      produced.push(...records);
      await kafka.produce(pipeline.input_topic, records);
      const worker = await installation.start(['--role', 'worker'], {}, 'live');
      await kafka.midStream(group(pipeline.id), pipeline.input_topic, seen);
      expect(await worker.kill()).toMatchObject({ signal: 'SIGKILL' });
      expect(await kafka.lag(group(pipeline.id), pipeline.input_topic)).toBeGreaterThan(0);
    }
    await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, produced, seen);
  });
});
