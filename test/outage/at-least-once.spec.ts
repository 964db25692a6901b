import { mixedRecords } from '../factories/input-records.js';
import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { actualOutcome } from '../support/actual-outcome.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { mapDifferences, noDifferences, sequenceDifferences } from '../support/differences.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { expectedOutcome } from '../support/expected-outcome.js';
import { Installation } from '../support/installation.js';
import { crashAndRestart } from '../support/services.js';
import { shortSessionSmallBatches } from '../support/short-session.js';

const rounds = 3;
const recordsARound = 10_000;
const partitions = 4;

describe('a pipeline that delivers at least once', () => {
  let installation: Installation;
  let api: ApiClient;

  beforeAll(async () => {
    installation = await Installation.make('at-least-once', shortSessionSmallBatches);
    api = installation.api(await installation.start(['--role', 'mgmt']));
  });
  afterAll(() => installation.remove());

  const requestOf = (name: string, delivery: string) =>
    pipelineRequest(installation.indexBase(name), { name, settings: { delivery, input_partitions: partitions } });
  const create = (name: string, delivery = 'at_least_once') => api.create({ id: name, ...requestOf(name, delivery) });
  const midStream = ({ id, input_topic }: PipelineBody) =>
    installation.kafka.midStream(installation.group(id), input_topic, () => api.get(id));

  /** Nothing of what the group has committed is missing: offsets come after the acknowledgements. */
  async function expectCommittedThere(pipeline: PipelineBody, records: readonly InputRecord[]): Promise<void> {
    const committed = await installation.kafka.committed(installation.group(pipeline.id), pipeline.input_topic);
    const offsets: number[] = [];
    const done = records.filter(({ partition }) => {
      offsets[partition] = (offsets[partition] ?? 0) + 1;
      return offsets[partition] <= (committed[partition] ?? 0);
    });
    const expected = expectedOutcome(done, pipeline);
    const actual = await actualOutcome(installation.search, pipeline);
    expect(done.length).toBeGreaterThan(0);
    expect(missing(expected.forwarded, actual.forwarded)).toEqual([]);
    expect([...expected.rejected.keys()].filter((place) => !actual.rejected.has(place))).toEqual([]);
    expect([...expected.documents.keys()].filter((id) => !actual.documents.has(id))).toEqual([]);
  }

  /** All there; in the output topic perhaps more than once, but first in order. */
  async function expectAllThere(pipeline: PipelineBody, records: readonly InputRecord[]): Promise<number> {
    const { kafka, search, group } = installation;
    await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    const expected = expectedOutcome(records, pipeline);
    const actual = await actualOutcome(search, pipeline);
    expect(mapDifferences(expected.documents, actual.documents)).toEqual(noDifferences);
    expect(sequenceDifferences(expected.forwarded, actual.forwarded.map(firstOnly))).toEqual([]);
    expect(mapDifferences(expected.rejected, actual.rejected)).toEqual(noDifferences);
    return actual.forwarded.flat().length - expected.forwarded.flat().length;
  }

  it('loses nothing and keeps the order while its worker is killed again and again', async () => {
    const { kafka } = installation;
    const pipeline = await create('crashes');
    const produced: InputRecord[] = [];
    for (let round = 0; round < rounds; round++) {
      const records = mixedRecords({ count: recordsARound, partitions, from: produced.length });
      produced.push(...records);
      await kafka.produce(pipeline.input_topic, records);
      const worker = await installation.start(['--role', 'worker'], {}, 'live');
      await midStream(pipeline);
      await worker.kill();
      await expectCommittedThere(pipeline, produced);
    }
    const worker = await installation.start(['--role', 'worker']);
    await expectAllThere(pipeline, produced);
    await worker.stop();
  });

  it('loses nothing and keeps the order when the broker crashes', async () => {
    const pipeline = await create('broker');
    const worker = await installation.start(['--role', 'worker']);
    const records = mixedRecords({ count: 20_000, partitions });
    await installation.kafka.produce(pipeline.input_topic, records);
    await midStream(pipeline);
    await crashAndRestart('kafka');
    await expectAllThere(pipeline, records);
    await worker.stop();
  });

  it('delivers once when nothing crashes, and when the delivery is changed while records flow', async () => {
    const pipeline = await create('changes');
    const worker = await installation.start(['--role', 'worker']);
    const produced: InputRecord[] = [];
    for (const delivery of ['exactly_once', 'at_least_once', 'exactly_once']) {
      const records = mixedRecords({ count: recordsARound, partitions, from: produced.length });
      produced.push(...records);
      await installation.kafka.produce(pipeline.input_topic, records);
      await midStream(pipeline);
      const { status } = await api.request('PUT', `/pipelines/${pipeline.id}`, requestOf(pipeline.name, delivery));
      expect(status).toBe(204);
    }
    await expectExactOutcome(installation, pipeline, produced, () => api.get(pipeline.id));
    await worker.stop();
  });
});

function firstOnly(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function missing(expected: readonly string[][], actual: readonly string[][]): string[] {
  return expected.flatMap((texts, partition) => {
    const there = new Set(actual[partition]);
    return texts.filter((text) => !there.has(text)).slice(0, 3);
  });
}
