import {
  INTERNAL_PIPELINES,
  isolated,
  lastValues,
  makeTopic,
  MgmtFixture,
  PIPELINES,
  topicConfig,
  topicsOf,
} from './mgmt-fixture.js';

const SERVICE = { 'x-account-id': 'billing', 'x-account-type': 'app' };

describe('the life of a pipeline', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    base = `${tenant}-logs`;
  });
  afterAll(() => mgmt.stop());

  const create = (body: object) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ index_base: base, ...body });
  const topicsOfPipeline = (id: string) => topicsOf(`${tenant}.sdp.${id}.`);
  const desiredOf = async (key: string) => (await lastValues(`${tenant}.sdp.control`)).get(key);

  it('begins with a row, topics, an index base and tasks that workers know of', async () => {
    const created = await create({
      id: 'whole',
      name: 'Whole',
      deployment_config: { parallelism: 2, memory_limit: 300 },
    });
    expect(created.body).toEqual({ id: 'whole' });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`${PIPELINES}/whole`);

    expect(await topicsOfPipeline('whole')).toEqual([`${tenant}.sdp.whole.error`, `${tenant}.sdp.whole.input`]);
    expect(await topicsOf(`${tenant}.mdl.`)).toEqual([`${tenant}.mdl.process.${base}`]);
    const oneRecordMore = String(21 * 1024 * 1024);
    expect(await topicConfig(`${tenant}.sdp.whole.error`)).toMatchObject({
      'retention.ms': '604800000',
      'max.message.bytes': oneRecordMore,
    });
    expect(await topicConfig(`${tenant}.sdp.whole.input`)).toMatchObject({ 'max.message.bytes': oneRecordMore });
    expect(await desiredOf('whole#1')).toEqual({
      version: 1,
      pipelineId: 'whole',
      index: 1,
      revision: expect.any(Number),
      desired: 'running',
      deployment: 'shared',
      parallelism: 2,
      isolation: 'shared',
      cpuLimit: 0.5,
      memoryLimitMiB: 150,
      pipelineName: 'Whole',
      inputTopic: `${tenant}.sdp.whole.input`,
      errorTopic: `${tenant}.sdp.whole.error`,
      outputTopic: `${tenant}.mdl.process.${base}`,
      consumerGroup: `${tenant}.sdp.whole`,
      transactionalId: `${tenant}.sdp.whole#1`,
      indexBase: { baseType: base, name: base, dataType: base, category: 'log' },
      useIndexBaseInData: false,
      documentVersion: 'none',
      handlers: [],
      settings: {},
    });
  });

  it('is shown as it was asked for, with the defaults of what was not', async () => {
    await create({ id: 'shown', name: '日志 📈', tags: [' a ', 'a', '', 'b'], comment: 'x' }).expect(201);
    const { body } = await mgmt.public().get(`${PIPELINES}/shown`).expect(200);
    expect(body).toEqual({
      id: 'shown',
      name: '日志 📈',
      tags: ['a', 'b'],
      comment: 'x',
      builtin: false,
      output_type: 'index_base',
      index_base: base,
      use_index_base_in_data: false,
      deployment_config: { cpu_limit: 1, memory_limit: 1024, parallelism: 1, isolation: 'shared' },
      handlers: [],
      tests: [],
      input_topic: `${tenant}.sdp.shown.input`,
      output_topic: `${tenant}.mdl.process.${base}`,
      error_topic: `${tenant}.sdp.shown.error`,
      document_version: 'none',
      settings: {},
      status: 'running',
      status_details: '',
      create_time: expect.any(Number),
      update_time: body.create_time,
      creator: { id: 'admin', type: 'user', name: 'admin' },
      updater: { id: 'admin', type: 'user', name: 'admin' },
      operations: ['view_detail', 'modify', 'delete', 'authorize', 'operate', 'view_data'],
    });
    const { body: tasks } = await mgmt.public().get(`${PIPELINES}/shown/tasks`).expect(200);
    expect(tasks).toMatchObject({ total_count: 1, entries: [{ index: 0, worker: '', state: 'starting' }] });
  });

  it('has an id made for it', async () => {
    const { body } = await create({ name: 'Nameless' }).expect(201);
    expect(body.id).toMatch(/^[a-z0-9][a-z0-9-]{0,39}$/);
    await mgmt.public().get(`${PIPELINES}/${body.id}`).expect(200);
  });

  it('takes its settings into the topics and to the workers', async () => {
    const settings = { input_partitions: 3, error_retention_hours: 2, flush_items: 7, tombstones: 'error' };
    await create({ id: 'set', name: 'Set', settings, document_version: 'offset' }).expect(201);
    expect(await topicConfig(`${tenant}.sdp.set.error`)).toMatchObject({ 'retention.ms': '7200000' });
    expect(await desiredOf('set#0')).toMatchObject({
      documentVersion: 'offset',
      settings: { inputPartitions: 3, errorRetentionHours: 2, flushItems: 7, tombstones: 'error' },
    });
    const { body } = await mgmt.public().get(`${PIPELINES}/set`);
    expect(body.settings).toEqual(settings);
  });

  it('reads a topic of its owner, and leaves it when it goes', async () => {
    const own = `${tenant}.orders`;
    await makeTopic(own);
    await create({ id: 'owned', name: 'Owned', input_topic: own }).expect(201);
    expect(await topicsOfPipeline('owned')).toEqual([`${tenant}.sdp.owned.error`]);
    expect(await desiredOf('owned#0')).toMatchObject({ inputTopic: own });
    await mgmt.public().delete(`${PIPELINES}/owned`).query({ force: true }).expect(204);
    expect(await topicsOf(own)).toEqual([own]);
    expect(await topicsOfPipeline('owned')).toEqual([]);
  });

  it('needs no index base when every record names its own', async () => {
    await mgmt.public().post(PIPELINES).send({ id: 'data', name: 'Data', use_index_base_in_data: true }).expect(201);
    const desired = await desiredOf('data#0');
    expect(desired).toMatchObject({ useIndexBaseInData: true });
    expect(desired).not.toHaveProperty('indexBase');
    expect(desired).not.toHaveProperty('outputTopic');
  });

  it('is stopped and started by its status', async () => {
    await create({ id: 'switch', name: 'Switch' }).expect(201);
    const before = (await mgmt.public().get(`${PIPELINES}/switch`)).body;
    await mgmt
      .public()
      .put(`${PIPELINES}/switch/attrs/status,status_details`)
      .send({ status: 'close', status_details: 'holidays' })
      .expect(204);
    const closed = (await mgmt.public().get(`${PIPELINES}/switch`)).body;
    expect(closed).toMatchObject({ status: 'close', status_details: 'holidays' });
    expect(closed.update_time).toBeGreaterThanOrEqual(before.update_time);
    const stopped = (await desiredOf('switch#0')) as { revision: number };
    expect(stopped).toMatchObject({ desired: 'close' });
    await mgmt.public().put(`${PIPELINES}/switch/attrs/status`).send({ status: 'running' }).expect(204);
    expect((await mgmt.public().get(`${PIPELINES}/switch`)).body).toMatchObject({
      status: 'running',
      status_details: '',
    });
    const started = (await desiredOf('switch#0')) as { revision: number };
    expect(started).toMatchObject({ desired: 'running' });
    expect(started.revision).toBeGreaterThan(stopped.revision);
  });

  it('is not deleted while it runs, unless forced', async () => {
    await create({ id: 'forced', name: 'Forced' }).expect(201);
    const refused = await mgmt.public().delete(`${PIPELINES}/forced`);
    expect(refused.status).toBe(409);
    expect(refused.body.error_code).toBe('StreamDataPipeline.Conflict.PipelineRunning');
    await mgmt.public().get(`${PIPELINES}/forced`).expect(200);
    await mgmt.public().delete(`${PIPELINES}/forced?force=true`).expect(204);
  });

  it('ends without a trace but its output topic and documents', async () => {
    await create({ id: 'ended', name: 'Ended' }).expect(201);
    await mgmt.public().put(`${PIPELINES}/ended/attrs/status`).send({ status: 'close' }).expect(204);
    await mgmt.public().delete(`${PIPELINES}/ended`).expect(204);
    await mgmt.public().get(`${PIPELINES}/ended`).expect(404);
    await mgmt.public().delete(`${PIPELINES}/ended`).expect(404);
    expect(await topicsOfPipeline('ended')).toEqual([]);
    expect(await topicsOf(`${tenant}.mdl.`)).toEqual([`${tenant}.mdl.process.${base}`]);
    expect(await desiredOf('ended#0')).toBeNull();
    expect(await mgmt.sql("SELECT * FROM t_stream_data_pipeline_task WHERE f_pipeline_id = 'ended'")).toEqual([]);
    await create({ id: 'ended', name: 'Ended' }).expect(201);
  });

  it('when builtin, is deleted by services only', async () => {
    await create({ id: 'builtin', name: 'Builtin', builtin: true }).expect(201);
    const refused = await mgmt.public().delete(`${PIPELINES}/builtin?force=true`);
    expect(refused.status).toBe(403);
    expect(refused.body.error_code).toBe('StreamDataPipeline.Forbidden');
    await mgmt.internal().delete(`${INTERNAL_PIPELINES}/builtin?force=true`).set(SERVICE).expect(204);
  });

  it('belongs to the account for which a service makes it', async () => {
    const created = await mgmt
      .internal()
      .post(INTERNAL_PIPELINES)
      .set(SERVICE)
      .send({ id: 'billed', name: 'Billed', index_base: base })
      .expect(201);
    expect(created.headers.location).toBe(`${INTERNAL_PIPELINES}/billed`);
    const { body } = await mgmt.internal().get(`${INTERNAL_PIPELINES}/billed`).set(SERVICE).expect(200);
    expect(body.creator).toEqual({ id: 'billing', type: 'app', name: 'billing' });
  });

  it('is closed to services that do not say for whom they act', async () => {
    const { status, body } = await mgmt.internal().get(INTERNAL_PIPELINES).set('x-account-id', 'billing');
    expect(status).toBe(401);
    expect(body.error_code).toBe('StreamDataPipeline.Unauthorized');
    expect(body.error_details.reason).toContain('x-account-type');
  });

  it('takes reports over HTTP on the internal port, which change nothing but what is shown', async () => {
    await create({ id: 'reported', name: 'Reported' }).expect(201);
    const before = (await mgmt.public().get(`${PIPELINES}/reported`)).body;
    const report = { status: 'error', status_details: 'no brokers' };
    const path = 'reported/attrs/status,status_details?is_inner_request=true';
    await mgmt.internal().put(`${INTERNAL_PIPELINES}/${path}`).set(SERVICE).send(report).expect(204);
    const after = (await mgmt.public().get(`${PIPELINES}/reported`)).body;
    expect(after).toEqual({ ...before, ...report });
    const refused = await mgmt.public().put(`${PIPELINES}/${path}`).send(report);
    expect(refused.status).toBe(403);
  });
});
