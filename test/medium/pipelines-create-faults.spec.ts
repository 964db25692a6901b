import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import {
  closedPort,
  isolated,
  lastValues,
  makeTopic,
  MgmtFixture,
  opensearch,
  PIPELINES,
  topicsOf,
} from './mgmt-fixture.js';
import { until } from './kafka-fixture.js';

const MAX_ANSWER_MS = 10_500;

describe('a create that cannot succeed', () => {
  let mgmt: MgmtFixture;
  let environment: Record<string, string>;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    environment = isolated();
    mgmt = await MgmtFixture.start({ ...environment, SDP_SERVER_MAXPIPELINES: '8' });
    tenant = mgmt.config.kafka.names.tenant;
    base = `${tenant}-logs`;
  });
  afterAll(() => mgmt.stop());

  const create = (body: object, on = mgmt) =>
    on
      .public()
      .post(PIPELINES)
      .send({ index_base: base, ...body });
  const rows = (id: string) => mgmt.sql('SELECT * FROM t_stream_data_pipeline WHERE f_pipeline_id = ?', [id]);
  const topicsOfPipeline = (id: string) => topicsOf(`${tenant}.sdp.${id}.`);

  it('is refused when id or name is taken, exactly', async () => {
    await create({ id: 'first', name: 'Name' }).expect(201);
    const sameId = await create({ id: 'first', name: 'Other' }).expect(403);
    expect(sameId.body.error_code).toBe('StreamDataPipeline.Duplicated.PipelineID');
    const sameName = await create({ id: 'other', name: 'Name' }).expect(403);
    expect(sameName.body.error_code).toBe('StreamDataPipeline.Duplicated.PipelineName');
    expect(sameName.body.error_details.faults).toEqual([
      { field: 'name', fault: 'is taken', error_code: 'StreamDataPipeline.Duplicated.PipelineName' },
    ]);
    expect(await topicsOfPipeline('other')).toEqual([]);
    await create({ id: 'upper', name: 'NAME' }).expect(201);
    await create({ id: 'padded', name: 'Name ' }).expect(201);
  });

  it('loses to another one of the same name: exactly one wins', async () => {
    const answers = await Promise.all(['r0', 'r1', 'r2', 'r3', 'r4', 'r5'].map((id) => create({ id, name: 'Race' })));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, 403, 403, 403, 403, 403]);
    expect(await mgmt.sql("SELECT f_step FROM t_stream_data_pipeline WHERE f_pipeline_name = 'Race'")).toEqual([
      { f_step: '' },
    ]);
    expect(await topicsOf(`${tenant}.sdp.r`)).toHaveLength(2);
  });

  it('names an input topic that does not exist', async () => {
    const { body } = await create({ id: 'lost', name: 'Lost', input_topic: `${tenant}.nowhere` }).expect(400);
    expect(body.error_code).toBe('StreamDataPipeline.InvalidParameter.InputTopic');
    expect(await rows('lost')).toEqual([]);
    expect(await topicsOf(`${tenant}.nowhere`)).toEqual([]);
  });

  it('is one too many', async () => {
    const count = (await mgmt.public().get(PIPELINES)).body.total_count as number;
    for (let at = count; at < 8; at += 1) {
      await create({ name: `Filler ${at}` }).expect(201);
    }
    const { body } = await create({ name: 'One too many' }).expect(403);
    expect(body.error_code).toBe('StreamDataPipeline.CountExceeded.Pipelines');
    expect(body.error_details.faults[0].limit).toBe('at most 8');
  });
});

describe('a create while something is down', () => {
  let environment: Record<string, string>;
  let mgmt: MgmtFixture | undefined;

  beforeEach(() => {
    environment = isolated();
  });
  afterEach(() => mgmt?.stop());

  /** Once lists are answered: it is not ready while something that it has never seen is away. */
  async function refused(changes: Record<string, string>, path: string | undefined = PIPELINES) {
    mgmt = await MgmtFixture.start({ ...environment, ...changes }, { path });
    const startedAt = performance.now();
    const answer = await mgmt
      .public()
      .post(PIPELINES)
      .send({ id: 'late', name: 'Late', index_base: `${environment.SDP_KAFKA_NAMES_TENANT}-b` });
    expect(performance.now() - startedAt).toBeLessThan(MAX_ANSWER_MS);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    return answer.body.error_code as string;
  }

  const noRows = async () => {
    expect(await mgmt!.sql('SELECT * FROM t_stream_data_pipeline')).toEqual([]);
    expect(await mgmt!.sql('SELECT * FROM t_stream_data_pipeline_task')).toEqual([]);
  };

  it('is told that Kafka is, and leaves nothing', async () => {
    const port = String(await closedPort());
    const code = await refused({ SDP_MQ_MQHOST: '127.0.0.1', SDP_MQ_MQPORT: port });
    expect(code).toBe('StreamDataPipeline.ServiceUnavailable.Kafka');
    await noRows();
  });

  it('is told that OpenSearch is, and leaves nothing', async () => {
    const code = await refused({ SDP_OPENSEARCH_NODES: `http://127.0.0.1:${await closedPort()}` });
    expect(code).toBe('StreamDataPipeline.ServiceUnavailable.IndexBase');
    await noRows();
    expect(await topicsOf(`${environment.SDP_KAFKA_NAMES_TENANT}.sdp.late.`)).toEqual([]);
  });

  it('is told that the database is, while the process lives', async () => {
    const code = await refused(
      { SDP_DATABASE_HOST: '127.0.0.1', SDP_DATABASE_PORT: String(await closedPort()) },
      '/health/live',
    );
    expect(code).toBe('StreamDataPipeline.ServiceUnavailable.Database');
    await mgmt!.public().get('/health/live').expect(200);
    await mgmt!.public().get('/health/ready').expect(503);
    expect((await mgmt!.public().get(PIPELINES)).status).toBe(503);
    await mgmt!.stop({ isShared: true });
    mgmt = undefined;
  });

  it('is told that there is no such index base when none may be made', async () => {
    mgmt = await MgmtFixture.start({ ...environment, SDP_INDEXBASE_AUTOCREATE: 'false' });
    const base = `${environment.SDP_KAFKA_NAMES_TENANT}-b`;
    const { body } = await mgmt.public().post(PIPELINES).send({ name: 'x', index_base: base }).expect(400);
    expect(body.error_code).toBe('StreamDataPipeline.InvalidParameter.IndexBase');
    expect(body.error_details.faults[0].fault).toContain(base);
    await noRows();
    expect((await opensearch(`/mdl-${base}`)).status).toBe(404);
  });
});

describe('a create that a crash interrupted', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    base = `${tenant}-logs`;
  });
  afterAll(() => mgmt.stop());

  /** A complete pipeline whose row says that its create stands before the publication and was last heard of a while ago. */
  async function interrupted(id: string, silentMs: number): Promise<void> {
    await mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: `${base}-${id}` })
      .expect(201);
    const made = [`${tenant}.sdp.${id}.input`, `${tenant}.sdp.${id}.error`, `${tenant}.mdl.process.${base}-${id}`];
    await mgmt.sql(
      `UPDATE t_stream_data_pipeline SET f_step = 'publishing', f_step_owner = 'gone', f_made_topics = ?,
       f_step_time = UNIX_TIMESTAMP(NOW(3)) * 1000 - ? WHERE f_pipeline_id = ?`,
      [JSON.stringify(made), silentMs, id],
    );
  }

  it('is invisible, counts, and is undone once it is silent: workers, topics, row', async () => {
    await interrupted('crashed', 21_000);
    await mgmt.public().get(`${PIPELINES}/crashed`).expect(404);
    expect((await mgmt.public().get(PIPELINES)).body.total_count).toBe(0);
    expect((await mgmt.public().post(PIPELINES).send({ name: 'crashed', index_base: base })).status).toBe(403);

    expect(await mgmt.get(Reconciler).run()).toBe(true);

    expect(await topicsOf(`${tenant}.sdp.crashed.`)).toEqual([]);
    expect(await topicsOf(`${tenant}.mdl.process.${base}-crashed`)).toEqual([]);
    expect((await lastValues(`${tenant}.sdp.control`)).get('crashed#0')).toBeNull();
    await mgmt.public().post(PIPELINES).send({ id: 'crashed', name: 'crashed', index_base: base }).expect(201);
  });

  it('is left alone while it may still be alive', async () => {
    await interrupted('alive', 10_000);
    await mgmt.get(Reconciler).run();
    expect(await topicsOf(`${tenant}.sdp.alive.`)).toHaveLength(2);
  });

  it('keeps an output topic that another pipeline writes to by then', async () => {
    await interrupted('shared', 21_000);
    await mgmt
      .public()
      .post(PIPELINES)
      .send({ id: 'user', name: 'user', index_base: `${base}-shared` })
      .expect(201);
    await mgmt.get(Reconciler).run();
    expect(await topicsOf(`${tenant}.sdp.shared.`)).toEqual([]);
    expect(await topicsOf(`${tenant}.mdl.process.${base}-shared`)).toHaveLength(1);
  });

  it('touches no topic that it did not make', async () => {
    await makeTopic(`${tenant}.sdp.kept.input`);
    await interrupted('kept', 21_000);
    const made = [`${tenant}.sdp.kept.error`];
    await mgmt.sql("UPDATE t_stream_data_pipeline SET f_made_topics = ? WHERE f_pipeline_id = 'kept'", [
      JSON.stringify(made),
    ]);
    await mgmt.get(Reconciler).run();
    expect(await topicsOf(`${tenant}.sdp.kept.`)).toEqual([`${tenant}.sdp.kept.input`]);
  });

  it('answers 503 to the same name while it is being undone', async () => {
    await interrupted('again', 0);
    await mgmt.sql("UPDATE t_stream_data_pipeline SET f_step = 'undoing' WHERE f_pipeline_id = 'again'");
    const { body } = await mgmt.public().post(PIPELINES).send({ name: 'again', index_base: base }).expect(503);
    expect(body.error_code).toBe('StreamDataPipeline.ServiceUnavailable.CreateUndo');
  });
});

describe('the reconciler', () => {
  let mgmt: MgmtFixture;
  let tenant: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    for (const id of ['behind', 'going', 'orphan']) {
      await mgmt
        .public()
        .post(PIPELINES)
        .send({ id, name: id, index_base: `${tenant}-logs` })
        .expect(201);
    }
  });
  afterAll(() => mgmt.stop());

  const set = (id: string, change: string) =>
    mgmt.sql(`UPDATE t_stream_data_pipeline SET ${change} WHERE f_pipeline_id = ?`, [id]);
  const desiredOf = async (key: string) => (await lastValues(`${tenant}.sdp.control`)).get(key);

  it('tells the workers what they were not told', async () => {
    await set('behind', "f_desired = 'close', f_revision = 1000");
    await mgmt.get(Reconciler).run();
    expect(await desiredOf('behind#0')).toMatchObject({ desired: 'close', revision: 1000 });
  });

  it('goes on with a deletion', async () => {
    await set('going', "f_desired = 'deleting', f_pipeline_status = 'deleting', f_revision = 1001");
    await mgmt.get(Reconciler).run();
    await mgmt.public().get(`${PIPELINES}/going`).expect(404);
    expect(await topicsOf(`${tenant}.sdp.going.`)).toEqual([]);
    expect(await desiredOf('going#0')).toBeNull();
  });

  it('makes workers forget tasks whose pipeline is gone', async () => {
    await mgmt.sql("DELETE FROM t_stream_data_pipeline WHERE f_pipeline_id = 'orphan'");
    await mgmt.get(Reconciler).run();
    expect(await desiredOf('orphan#0')).toBeNull();
    expect(await mgmt.sql("SELECT * FROM t_stream_data_pipeline_task WHERE f_pipeline_id = 'orphan'")).toEqual([]);
  });

  it('runs on one replica at a time', async () => {
    const other = await MgmtFixture.start({
      SDP_KAFKA_NAMES_TENANT: tenant,
      SDP_DATABASE_DATABASE: mgmt.config.database.database,
    });
    let runs: boolean[] = [];
    await until('two runs meet', async () => {
      runs = await Promise.all([mgmt, other].map((replica) => replica.get(Reconciler).run()));
      return runs.includes(false);
    });
    expect(runs.toSorted()).toEqual([false, true]);
    await other.stop({ isShared: true });
  });
});
