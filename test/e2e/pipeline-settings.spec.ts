import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest, smallMemorySettings } from '../factories/pipeline-request.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { BulkRecorder } from '../support/bulk-recorder.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { openSearchUrl } from '../support/environment.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

const mib = 1024 * 1024;
const hourMs = 3_600_000;

interface Changes {
  settings?: Record<string, unknown>;
  deployment_config?: Record<string, unknown>;
  document_version?: string;
}

describe('what a pipeline says otherwise than the configuration', () => {
  let installation: Installation;
  let search: BulkRecorder;
  let api: ApiClient;

  beforeAll(async () => {
    search = await BulkRecorder.start();
    installation = await Installation.make('pipeline-settings', {
      ...smallMemorySettings,
      SDP_OPENSEARCH_NODES: search.url,
      SDP_KAFKA_INPUTPARTITIONS: '1',
    });
    api = installation.api(await installation.start(['--role', 'all']));
  });
  afterAll(async () => {
    await search.stop();
    await installation.remove();
  });

  const requestOf = (name: string, changes: Changes) =>
    pipelineRequest(installation.indexBase(name), { name, ...changes });
  const create = (name: string, changes: Changes) => api.create({ id: name, ...requestOf(name, changes) });
  const revisions = async (id: string) =>
    (await api.tasks(id)).map((task) => ({ ...task, revision: (task as unknown as { revision: number }).revision }));
  const isRunning = async (id: string, above: number) =>
    (await revisions(id)).every(({ state, revision }) => state === 'running' && revision > above);

  /** Replaces the pipeline, and returns when all of its tasks run by it. */
  async function change({ id, name }: PipelineBody, changes: Changes): Promise<void> {
    const before = Math.max(...(await revisions(id)).map(({ revision }) => revision));
    const { status, body } = await api.request('PUT', `/pipelines/${id}`, requestOf(name, changes));
    expect([status, body]).toEqual([204, '']);
    await waitUntil(`${id} runs as it was changed`, () => isRunning(id, before), { seen: () => api.tasks(id) });
  }

  async function process({ id, input_topic }: PipelineBody, records: readonly InputRecord[]): Promise<void> {
    search.forget(id);
    await installation.kafka.produce(input_topic, records);
    await installation.kafka.caughtUp(installation.group(id), input_topic, () => api.tasks(id));
  }

  const largest = ({ id }: PipelineBody, by: 'items' | 'bytes') => Math.max(...search.of(id).map((bulk) => bulk[by]));

  it('flush_items is how many documents a bulk has', async () => {
    const pipeline = await create('items', { settings: { flush_items: 7 } });
    await process(pipeline, records(100));
    expect(largest(pipeline, 'items')).toBe(7);
    await change(pipeline, { settings: { flush_items: 20 } });
    await process(pipeline, records(100));
    expect(largest(pipeline, 'items')).toBe(20);
    await change(pipeline, {});
    await process(pipeline, records(100));
    expect(largest(pipeline, 'items')).toBeGreaterThan(20);
  });

  it('flush_mib is how large a bulk is', async () => {
    const recordBytes = 100_000;
    const pipeline = await create('mib', { settings: { flush_mib: 1 } });
    await process(pipeline, records(50, recordBytes));
    expect(largest(pipeline, 'bytes')).toBeGreaterThan(0.8 * mib);
    expect(largest(pipeline, 'bytes')).toBeLessThan(mib + 2 * recordBytes);
    await change(pipeline, { settings: { flush_mib: 3 } });
    await process(pipeline, records(80, recordBytes));
    expect(largest(pipeline, 'bytes')).toBeGreaterThan(1.5 * mib);
    expect(largest(pipeline, 'bytes')).toBeLessThan(3 * mib + 2 * recordBytes);
  });

  it('flush_interval_sec is how long a bulk waits for more', async () => {
    const patient = await create('patient', { settings: { flush_interval_sec: 3600, flush_items: 20 } });
    const witness = await create('witness', {});
    await waitUntil('the patient one reads', () => isRunning(patient.id, 0), { seen: () => api.tasks(patient.id) });
    await installation.kafka.produce(patient.input_topic, records(5));
    // With the second of the configuration between two bulks, the second round would find those five written.
    await process(witness, records(5));
    await process(witness, records(5));
    expect(search.of(patient.id)).toEqual([]);
    await process(patient, records(15));
    expect(search.of(patient.id).map(({ items }) => items)).toEqual([20]);
    await change(patient, { settings: { flush_interval_sec: 1 } });
    await process(patient, records(3));
    expect(largest(patient, 'items')).toBeLessThanOrEqual(3);
  });

  it('delivery is whether there are transactions in the output topic', async () => {
    const pipeline = await create('delivery', { settings: { delivery: 'at_least_once' } });
    const markersAfter = async (count: number) => {
      await process(pipeline, records(10));
      const ends = await installation.kafka.ends(pipeline.output_topic);
      expect(await readCommittedRecords(pipeline.output_topic)).toHaveLength(count);
      return ends.reduce((sum, end) => sum + end, 0) - count;
    };
    expect(await markersAfter(10)).toBe(0);
    await change(pipeline, { settings: { delivery: 'exactly_once' } });
    const markers = await markersAfter(20);
    expect(markers).toBeGreaterThan(0);
    await change(pipeline, { settings: { delivery: 'at_least_once' } });
    expect(await markersAfter(30)).toBe(markers);
  });

  it('input_partitions is how many partitions the input topic has at least', async () => {
    const pipeline = await create('partitions', { settings: { input_partitions: 3 } });
    expect(await installation.kafka.ends(pipeline.input_topic)).toHaveLength(3);
    await change(pipeline, { settings: { input_partitions: 5 } });
    expect(await installation.kafka.ends(pipeline.input_topic)).toHaveLength(5);
  });

  it('error_retention_hours is how long rejected records are kept', async () => {
    const pipeline = await create('retention', { settings: { error_retention_hours: 2 } });
    const retention = () => installation.kafka.topicSetting(pipeline.error_topic, 'retention.ms');
    expect(await retention()).toBe(String(2 * hourMs));
    await change(pipeline, { settings: { error_retention_hours: 5 } });
    expect(await retention()).toBe(String(5 * hourMs));
  });

  it('tombstones is what becomes of records without a value', async () => {
    const pipeline = await create('tombstones', { settings: { tombstones: 'error' } });
    const codes = async () =>
      (await readCommittedRecords(pipeline.error_topic)).map(({ headers }) => headers['__error_code']);
    await process(pipeline, [record(null)]);
    expect(await codes()).toEqual(['TOMBSTONE']);
    await change(pipeline, { settings: { tombstones: 'skip' } });
    await process(pipeline, [record(null)]);
    expect(await codes()).toEqual(['TOMBSTONE']);
  });

  it('document_version is whether the offset is the version of a document', async () => {
    const pipeline = await create('versions', { document_version: 'offset' });
    const own = () => record(JSON.stringify({ __id: 'one' }));
    const version = async () => {
      const response = await fetch(`${openSearchUrl()}/mdl-${pipeline.index_base}/_doc/one`);
      return ((await response.json()) as { _version: number })._version;
    };
    await process(pipeline, [...records(6), own()]);
    expect(await version()).toBe(6);
    await change(pipeline, { document_version: 'none' });
    await process(pipeline, [...records(3), own()]);
    // One more than before: the offset would be 10.
    expect(await version()).toBe(7);
    await change(pipeline, { document_version: 'offset' });
    await process(pipeline, [...records(9), own()]);
    expect(await version()).toBe(20);
  });

  it('memory_limit is how much a task holds that is not written', async () => {
    const recordBytes = 100_000;
    // Only what it may hold ends a batch.
    const settings = { flush_mib: 100, flush_interval_sec: 3600 };
    const pipeline = await create('memory', { settings, deployment_config: { memory_limit: 100 } });
    /** Bytes of the first bulk of that many records. */
    const heldOf = async (count: number) => {
      search.forget(pipeline.id);
      await installation.kafka.produce(pipeline.input_topic, records(count, recordBytes));
      const first = await waitUntil('it holds no more', () => search.of(pipeline.id)[0], {
        seen: () => api.tasks(pipeline.id),
      });
      return first.bytes;
    };
    const sixth = (100 / 6) * mib;
    const least = await heldOf(200);
    expect(least).toBeGreaterThan(0.9 * sixth);
    expect(least).toBeLessThan(1.1 * sixth);
    await change(pipeline, { settings, deployment_config: { memory_limit: 1024 } });
    const most = await heldOf(360);
    expect(most).toBeGreaterThan(0.9 * 32 * mib);
    expect(most).toBeLessThan(1.1 * 32 * mib);
  });

  it('parallelism is how many tasks share the partitions', async () => {
    const pipeline = await create('parallel', {
      ...{ deployment_config: { parallelism: 2 }, settings: { input_partitions: 4 } },
    });
    const members = (count: number) =>
      waitUntil(
        `${count} tasks read`,
        async () => (await installation.kafka.memberCount(installation.group(pipeline.id))) === count,
        { seen: () => api.tasks(pipeline.id) },
      );
    await members(2);
    await change(pipeline, { deployment_config: { parallelism: 3 }, settings: { input_partitions: 4 } });
    await members(3);
    await change(pipeline, { settings: { input_partitions: 4 } });
    await members(1);
  });
});

function record(value: string | null): InputRecord {
  const content = { value: value === null ? null : Buffer.from(value), expected: { outcome: 'skipped' as const } };
  return { ...content, partition: 0, key: null, headers: {}, timestamp: Date.now() };
}

/** Records of about this size, in the first partition. */
function records(count: number, bytes = 0): InputRecord[] {
  return Array.from({ length: count }, (_, n) => record(JSON.stringify({ n, text: 'x'.repeat(bytes) })));
}
