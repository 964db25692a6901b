import { isDeepStrictEqual } from 'node:util';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { actualOutcome, type ActualOutcome } from '../support/actual-outcome.js';
import type { PipelineBody } from '../support/api-client.js';
import { mapDifferences, noDifferences, sequenceDifferences } from '../support/differences.js';
import { expectedOutcome, type Outcome } from '../support/expected-outcome.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const count = 50_000;
const partitions = 4;

describe('50,000 records of every kind through mgmt and worker as two processes', () => {
  let installation: Installation;
  let mgmt: ProgramProcess;
  let worker: ProgramProcess;
  let pipeline: PipelineBody;
  let expected: Outcome;
  let actual: ActualOutcome;

  beforeAll(async () => {
    installation = await Installation.make('mixed-records');
    const { kafka, search, group } = installation;
    mgmt = await installation.start(['--role', 'mgmt']);
    const api = installation.api(mgmt);
    pipeline = await api.create(
      pipelineRequest(installation.indexBase(), { settings: { input_partitions: partitions } }),
    );
    worker = await installation.start(['--role', 'worker']);
    const records = mixedRecords({ count, partitions });
    await kafka.produce(pipeline.input_topic, records);
    await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    expected = expectedOutcome(records, pipeline);
    actual = await actualOutcome(search, pipeline);
  });

  afterAll(() => installation.remove());

  it('holds good and bad ones', () => {
    expect(expected.forwarded.flat().length).toBeGreaterThan(count * 0.9);
    expect(expected.rejected.size).toBeGreaterThan(200);
  });

  it('puts exactly the good ones into OpenSearch, byte by byte', () => {
    expect(mapDifferences(expected.documents, actual.documents)).toEqual(noDifferences);
  });

  it('forwards exactly the good ones once, in the order of each partition, byte by byte', () => {
    expect(sequenceDifferences(expected.forwarded, actual.forwarded)).toEqual([]);
  });

  it('keeps exactly the bad ones in the error topic with their original bytes', () => {
    expect(mapDifferences(expected.rejected, actual.rejected)).toEqual(noDifferences);
    expect(actual.errors).toHaveLength(expected.rejected.size);
  });

  it('explains a record that OpenSearch refused', () => {
    const refused = actual.errors.find(({ headers }) => headers['__error_code'] === 'DOCUMENT_REJECTED');
    const { headers = {}, timestamp = 0 } = refused ?? {};
    expect(headers).toMatchObject({
      __pipeline_id: pipeline.id,
      __error_stage: 'index',
      __error_status: '400',
      __error_index: `mdl-${pipeline.index_base}`,
      __error_reason: expect.stringMatching(/message/),
      __error_attempts: expect.stringMatching(/^[1-9]\d*$/),
      __error_revision: expect.stringMatching(/^[1-9]\d*$/),
      __source_topic: pipeline.input_topic,
      __error_document_id: expect.stringContaining(`${pipeline.id}[${headers['__source_partition']}]@`),
      '__connect.errors.topic': pipeline.input_topic,
      '__connect.errors.partition': headers['__source_partition'],
      '__connect.errors.offset': headers['__source_offset'],
      '__connect.errors.exception.message': expect.stringMatching(/message/),
    });
    expect(timestamp).toBeGreaterThanOrEqual(Number(headers['__source_timestamp']));
    expect(Math.abs(Number(headers['__error_time']) - timestamp)).toBeLessThan(60_000);
  });

  it('shows the pipeline as running, without a complaint', async () => {
    expect(await installation.api(mgmt).get(pipeline.id)).toMatchObject({ status: 'running', status_details: '' });
  });

  it('tells what it did on the metrics page of the worker', async () => {
    const counted = async () => {
      const lines = (await worker.metrics()).filter((line) => line.includes(`pipeline="${pipeline.id}"`));
      const sumOf = (name: string) =>
        lines.filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
      return { read: sumOf('sdp_records_in_total'), rejected: sumOf('sdp_records_rejected_total') };
    };
    const wanted = { read: count, rejected: expected.rejected.size };
    // The thread of the task tells its process what it did a moment later.
    await waitUntil('the metrics count everything', async () => isDeepStrictEqual(await counted(), wanted), {
      seen: counted,
    });
  });
});
