import type { DesiredTask } from '../../src/control/desired-task.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import {
  INTERNAL_PIPELINES,
  isolated,
  lastValues,
  makeTopic,
  MgmtFixture,
  opensearch,
  PIPELINES,
  removeTopics,
  topicConfig,
  topicsOf,
} from './mgmt-fixture.js';

const SERVICE = { 'x-account-id': 'billing', 'x-account-type': 'app' };
const PREFIX = 'StreamDataPipeline.';
const HOUR_MS = 3_600_000;

interface Body {
  version: string;
  [field: string]: unknown;
}

describe('the update of a pipeline', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    base = `${tenant}-logs`;
    await create('fixed');
  });
  afterAll(() => mgmt.stop());

  const create = (id: string, body: object = {}) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: base, ...body })
      .expect(201);
  const put = (id: string, body: object = {}) =>
    mgmt
      .public()
      .put(`${PIPELINES}/${id}`)
      .send({ name: id, index_base: base, ...body });
  const get = async (id: string) => (await mgmt.public().get(`${PIPELINES}/${id}`).expect(200)).body as Body;
  const tasksOf = async (id: string) =>
    (await mgmt.public().get(`${PIPELINES}/${id}/tasks`)).body.entries as { index: number; slot: number }[];
  /** Of all tasks that the workers were ever told of; null: forgotten. */
  const desiredOf = async (id: string) =>
    Object.fromEntries(
      [...(await lastValues(`${tenant}.sdp.control`))].filter(([key]) => key.startsWith(`${id}#`)),
    ) as Record<string, DesiredTask | null>;
  const revisionOf = async (id: string) => (await desiredOf(id))[`${id}#0`]?.revision ?? 0;

  const changed = () => ({
    name: 'Every field 📈',
    tags: ['b', 'a'],
    comment: 'changed',
    output_type: 'index_base',
    index_base: `${base}-2`,
    use_index_base_in_data: true,
    deployment_config: { cpu_limit: 4, memory_limit: 800, parallelism: 2, isolation: 'dedicated' },
    handlers: [],
    document_version: 'offset',
    settings: {
      ...{ flush_mib: 3, flush_items: 70, flush_interval_sec: 9, delivery: 'at_least_once' },
      ...{ input_partitions: 2, error_retention_hours: 5, tombstones: 'error' },
    },
  });

  it('replaces every field that can be changed, and notes by whom', async () => {
    await create('full');
    const before = await get('full');
    await mgmt.internal().put(`${INTERNAL_PIPELINES}/full`).set(SERVICE).send(changed()).expect(204);
    const after = await get('full');
    expect(after).toEqual({
      ...before,
      ...changed(),
      output_topic: `${tenant}.mdl.process.${base}-2`,
      update_time: expect.any(Number),
      updater: { id: 'billing', type: 'app', name: 'billing' },
    });
    expect(after['update_time']).toBeGreaterThanOrEqual(Number(before['update_time']));
    expect((await desiredOf('full'))['full#1']).toMatchObject({
      ...{ cpuLimit: 2, memoryLimitMiB: 400, isolation: 'dedicated', documentVersion: 'offset' },
      ...{ outputTopic: `${tenant}.mdl.process.${base}-2`, useIndexBaseInData: true },
      settings: { flushMiB: 3, flushItems: 70, flushIntervalSec: 9, delivery: 'at_least_once', tombstones: 'error' },
    });
  });

  it('gives what is left out its default again', async () => {
    await create('bare', { ...changed(), name: 'bare' });
    await put('bare').expect(204);
    expect(await get('bare')).toMatchObject({
      ...{ name: 'bare', tags: [], comment: '', index_base: base, use_index_base_in_data: false },
      deployment_config: { cpu_limit: 1, memory_limit: 1024, parallelism: 1, isolation: 'shared' },
      ...{ document_version: 'none', settings: {} },
    });
    const { 'retention.ms': retentionMs } = await topicConfig(`${tenant}.sdp.bare.error`);
    expect(Number(retentionMs)).toBe(mgmt.config.kafka.errorRetentionHours * HOUR_MS);
  });

  it.each<[code: string, field: string, value: unknown]>([
    ['InvalidParameter.PipelineID', 'id', 'other'],
    ['InvalidParameter.Builtin', 'builtin', true],
    ['InvalidParameter.InputTopic', 'input_topic', 'another.topic'],
    ['InvalidParameter.RequestBody', 'output_topic', 'another.topic'],
    ['InvalidParameter.RequestBody', 'error_topic', 'another.topic'],
    ['InvalidParameter.RequestBody', 'status', 'close'],
    ['InvalidParameter.RequestBody', 'create_time', 1],
    ['InvalidParameter.RequestBody', 'creator', { id: 'me', type: 'user' }],
    ['OutOfRange.CpuLimit', 'deployment_config.cpu_limit', { deployment_config: { cpu_limit: 9 } }],
    ['NullParameter.PipelineName', 'name', null],
    ['NullParameter.IndexBase', 'index_base', null],
  ])('is refused with %s when it would change %s', async (code, field, value) => {
    const before = await get('fixed');
    const body = field.includes('.') ? (value as object) : { [field]: value };
    const { status, body: answer } = await put('fixed', body);
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error_code: PREFIX + code, error_details: { faults: [{ field }] } });
    expect(await get('fixed')).toEqual(before);
  });

  it('takes what cannot be changed as it is', async () => {
    await create('same', { builtin: true });
    const { id, builtin, input_topic } = await get('same');
    await put('same', { id, builtin, input_topic, comment: 'read, changed, sent back' }).expect(204);
    expect(await get('same')).toMatchObject({ builtin: true, comment: 'read, changed, sent back' });
  });

  it('places more tasks, forgets those beyond, and lets the others where they are', async () => {
    await create('wide');
    const [first] = await tasksOf('wide');
    const parallelism = (count: number) => put('wide', { deployment_config: { parallelism: count } }).expect(204);

    await parallelism(3);
    const three = await tasksOf('wide');
    expect(three.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(three[0]?.slot).toBe(first?.slot);
    expect(new Set(three.map(({ slot }) => slot)).size).toBe(3);
    const running = { desired: 'running', parallelism: 3, revision: await revisionOf('wide') };
    const { 'wide#0': zero, 'wide#1': one, 'wide#2': two } = await desiredOf('wide');
    expect([zero, one, two]).toMatchObject([running, running, running]);

    await parallelism(1);
    expect(await tasksOf('wide')).toMatchObject([{ index: 0, slot: first?.slot }]);
    expect(await desiredOf('wide')).toMatchObject({ 'wide#0': { parallelism: 1 }, 'wide#1': null, 'wide#2': null });

    await parallelism(2);
    expect((await tasksOf('wide')).map(({ index }) => index)).toEqual([0, 1]);
    expect(await desiredOf('wide')).toMatchObject({ 'wide#1': { desired: 'running', parallelism: 2 }, 'wide#2': null });
  });

  it('raises the partitions of the input topic, never lowers them, and keeps rejected records as long as it says', async () => {
    await create('topics', { settings: { input_partitions: 2, error_retention_hours: 4 } });
    const [input, error] = [`${tenant}.sdp.topics.input`, `${tenant}.sdp.topics.error`];
    for (const [partitions, hours, found] of [
      [5, 9, 5],
      [3, 1, 5],
    ]) {
      await put('topics', { settings: { input_partitions: partitions, error_retention_hours: hours } }).expect(204);
      expect(await mgmt.get(TopicAdmin).partitionCount(input)).toBe(found);
      expect(await topicConfig(error)).toMatchObject({ 'retention.ms': String(Number(hours) * HOUR_MS) });
    }
  });

  it('moves it to another index base, which is made, and leaves the topic of the one before', async () => {
    await create('moved');
    const other = `${base}-other`;
    await put('moved', { index_base: other }).expect(204);
    expect((await opensearch(`/_alias/mdl-${other}`)).status).toBe(200);
    expect(await topicsOf(`${tenant}.mdl.process.${base}`)).toEqual(
      expect.arrayContaining([`${tenant}.mdl.process.${base}`, `${tenant}.mdl.process.${other}`]),
    );
    expect((await desiredOf('moved'))['moved#0']).toMatchObject({
      indexBase: { baseType: other },
      outputTopic: `${tenant}.mdl.process.${other}`,
    });
    const inData = { name: 'moved', use_index_base_in_data: true };
    await mgmt.public().put(`${PIPELINES}/moved`).send(inData).expect(204);
    expect(await get('moved')).toMatchObject({ index_base: '', output_topic: '' });
    const desired = (await desiredOf('moved'))['moved#0'];
    expect(desired).not.toHaveProperty('indexBase');
    expect(desired).not.toHaveProperty('outputTopic');
  });

  it('tells the workers of what concerns them, and of nothing else', async () => {
    await create('told');
    let told = await revisionOf('told');
    for (const body of [{ tags: ['x'] }, { comment: 'x' }, { name: 'Another name' }]) {
      await put('told', body).expect(204);
      expect(await revisionOf('told')).toBe(told);
    }
    for (const body of [
      { deployment_config: { cpu_limit: 2 } },
      { deployment_config: { isolation: 'dedicated' } },
      { settings: { flush_items: 5 } },
      { document_version: 'offset' },
      { use_index_base_in_data: true },
      { index_base: `${base}-told` },
    ]) {
      await put('told', body).expect(204);
      const revision = await revisionOf('told');
      expect(revision).toBeGreaterThan(told);
      told = revision;
    }
  });

  it('leaves one that is closed closed', async () => {
    await create('shut');
    await mgmt.public().put(`${PIPELINES}/shut/attrs/status`).send({ status: 'close' }).expect(204);
    const closed = await revisionOf('shut');
    await put('shut', { settings: { flush_items: 5 } }).expect(204);
    expect(await get('shut')).toMatchObject({ status: 'close' });
    const desired = (await desiredOf('shut'))['shut#0'];
    expect(desired).toMatchObject({ desired: 'close', settings: { flushItems: 5 } });
    expect(desired?.revision).toBeGreaterThan(closed);
  });

  it('to a name that is taken is refused, and changes neither row nor topics', async () => {
    await create('holder');
    await create('wisher', { settings: { error_retention_hours: 9 } });
    const before = await get('wisher');
    const revision = await revisionOf('wisher');

    const refused = await put('wisher', {
      name: 'holder',
      settings: { error_retention_hours: 1 },
      deployment_config: { parallelism: 2 },
    }).expect(400);

    expect(refused.body).toMatchObject({
      error_code: `${PREFIX}Duplicated.PipelineName`,
      error_details: { faults: [{ field: 'name', fault: 'is taken' }] },
    });
    expect(await get('wisher')).toEqual(before);
    expect(await topicConfig(`${tenant}.sdp.wisher.error`)).toMatchObject({ 'retention.ms': String(9 * HOUR_MS) });
    expect(await tasksOf('wisher')).toHaveLength(1);
    expect(await revisionOf('wisher')).toBe(revision);
  });

  it('whose topics cannot be had changes nothing', async () => {
    const own = `${tenant}.own-orders`;
    await makeTopic(own);
    await create('owned', { input_topic: own });
    const before = await get('owned');
    await removeTopics(own);
    const { body } = await put('owned', { settings: { flush_items: 5 } }).expect(400);
    expect(body.error_code).toBe(`${PREFIX}InvalidParameter.InputTopic`);
    expect(await get('owned')).toEqual(before);
    await put('owned', { comment: 'needs no topic' }).expect(204);
  });

  it('of one that is not there is 404', async () => {
    expect((await put('nobody')).body.error_code).toBe(`${PREFIX}NotFound.Pipeline`);
  });
});
