import { ReportPublisher } from '../../src/control/report-publisher.js';
import type { TaskReport } from '../../src/control/task-report.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { taskReport } from './control-fixture.js';
import { recordingLogger, until } from './kafka-fixture.js';
import { isolated, lastValues, MgmtFixture, PIPELINES } from './mgmt-fixture.js';

const KEPT = 100;
const PREFIX = 'StreamDataPipeline.';

interface Transition {
  index: number;
  time: number;
  state: string;
  cause: string;
}

describe('what a pipeline went through', () => {
  let mgmt: MgmtFixture;
  let tenant: string;
  let reports: ReportPublisher;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
    const kafka = { publisher: mgmt.get(KeyedPublisher), admin: mgmt.get(TopicAdmin) };
    const topic = `${tenant}.sdp.status`;
    reports = new ReportPublisher({ ...kafka, topic, replicationFactor: -1 }, recordingLogger().logger);
  });
  afterAll(() => mgmt.stop());

  const create = (id: string, parallelism = 1) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: `${tenant}-b`, deployment_config: { parallelism } })
      .expect(201);
  const send = (pipelineId: string, ...changes: Partial<TaskReport>[]) =>
    reports.send(changes.map((change) => taskReport({ pipelineId, ...change })));
  const historyOf = async (id: string) =>
    (await mgmt.public().get(`${PIPELINES}/${id}/tasks?history=true`).expect(200)).body.history as Transition[];
  /** The history once its newest transition is this one. */
  const historyTo = async (id: string, cause: string) => {
    let history: Transition[] = [];
    await until(`${cause} is stored`, async () => {
      history = await historyOf(id);
      return history[0]?.cause === cause;
    });
    return history;
  };

  it('is told the newest first, each change of a state or of its cause once', async () => {
    await create('told', 2);
    const failed = { state: 'error', causeCode: 'FORBIDDEN', workerId: 'w1' } as const;
    await send(
      'told',
      { sequence: 1, index: 0, workerId: 'w1', revision: 7 },
      { sequence: 2, index: 0, workerId: 'w1', recordsInPerSec: 5, revision: 7 },
      { sequence: 3, index: 0, ...failed, cause: 'no' },
      { sequence: 4, index: 0, ...failed, cause: 'still no' },
      { sequence: 5, index: 0, ...failed, causeCode: 'INDEX_BASE_MISSING', cause: 'gone' },
    );
    await historyTo('told', 'gone');
    await send('told', { sequence: 1, index: 1, workerId: 'w2', state: 'waiting', cause: 'the last' });
    const history = await historyTo('told', 'the last');
    expect(history).toMatchObject([
      { index: 1, state: 'waiting', cause: 'the last', cause_code: '', worker: 'w2' },
      { index: 0, state: 'error', cause: 'gone', cause_code: 'INDEX_BASE_MISSING', worker: 'w1' },
      { index: 0, state: 'error', cause: 'no', cause_code: 'FORBIDDEN', worker: 'w1' },
      { index: 0, state: 'running', cause: '', cause_code: '', worker: 'w1', revision: 7 },
    ]);
    expect(history).toHaveLength(4);
    expect(history.map(({ time }) => time)).toEqual(history.map(({ time }) => time).toSorted((a, b) => b - a));
  });

  it('is kept for the last hundred transitions of each pipeline', async () => {
    await create('long');
    await create('short');
    await send('short', { cause: 'stays' });
    await historyTo('short', 'stays');
    const states = ['running', 'waiting'] as const;
    const all = Array.from({ length: KEPT + 37 }, (_, n) => ({
      ...{ sequence: n + 1, state: states[n % 2], cause: `transition ${n}` },
    }));
    await send('long', ...all.slice(0, 20));
    await historyTo('long', 'transition 19');
    await send('long', ...all.slice(20));

    const history = await historyTo('long', `transition ${KEPT + 36}`);

    expect(history.map(({ cause }) => cause)).toEqual(
      all
        .slice(-KEPT)
        .map(({ cause }) => cause)
        .toReversed(),
    );
    const rows = await mgmt.sql(
      'SELECT f_pipeline_id, COUNT(*) AS kept FROM t_stream_data_pipeline_task_transition GROUP BY f_pipeline_id',
    );
    expect(Object.fromEntries(rows.map((row) => [row['f_pipeline_id'], Number(row['kept'])]))).toMatchObject({
      long: KEPT,
      short: 1,
    });
  });

  it('goes with the pipeline', async () => {
    await create('mortal');
    await send('mortal', { cause: 'before' });
    await historyTo('mortal', 'before');
    await mgmt.public().delete(`${PIPELINES}/mortal?force=true`).expect(204);
    await create('mortal');
    expect(await historyOf('mortal')).toEqual([]);
  });

  it('is told on request only', async () => {
    await create('quiet');
    const path = `${PIPELINES}/quiet/tasks`;
    for (const query of ['', '?history=false']) {
      expect(
        (
          await mgmt
            .public()
            .get(path + query)
            .expect(200)
        ).body,
      ).not.toHaveProperty('history');
    }
    const { body } = await mgmt.public().get(`${path}?history=1`).expect(400);
    expect(body.error_code).toBe(`${PREFIX}InvalidParameter.History`);
  });

  describe('when it is restarted', () => {
    const restart = (id: string) => mgmt.public().post(`${PIPELINES}/${id}/restart`);
    const desiredOf = async (id: string) =>
      (await lastValues(`${tenant}.sdp.control`)).get(`${id}#0`) as { revision: number; desired: string };

    it('begins anew: the workers hear of a new revision, and what was wrong is forgotten', async () => {
      await create('failed');
      await send('failed', { state: 'error', causeCode: 'FORBIDDEN', cause: 'no', attempts: 9, nextAttemptAt: 5e12 });
      await historyTo('failed', 'no');
      const shown = async () => (await mgmt.public().get(`${PIPELINES}/failed`)).body as { status: string };
      await until('it is in error', async () => (await shown()).status === 'error');
      const before = await desiredOf('failed');

      const { body } = await restart('failed').expect(202);

      expect(body).toEqual({});
      const after = await desiredOf('failed');
      expect(after).toEqual({ ...before, revision: after.revision });
      expect(after.revision).toBeGreaterThan(before.revision);
      expect(await shown()).toMatchObject({ status: 'running', status_details: '' });
      const { body: tasks } = await mgmt.public().get(`${PIPELINES}/failed/tasks`);
      expect(tasks.entries).toMatchObject([{ state: 'starting', cause: '', attempts: 0, next_attempt_at: 0 }]);
      expect(await historyOf('failed')).toMatchObject([{ state: 'error', cause: 'no' }]);
    });

    it('is refused while it is closed, and the workers hear nothing', async () => {
      await create('closed');
      await mgmt.public().put(`${PIPELINES}/closed/attrs/status`).send({ status: 'close' }).expect(204);
      const before = await desiredOf('closed');
      const { status, body } = await restart('closed');
      expect([status, body.error_code]).toEqual([409, `${PREFIX}Conflict.PipelineClosed`]);
      expect(await desiredOf('closed')).toEqual(before);
    });

    it('is 404 when there is none', async () => {
      const { status, body } = await restart('nobody');
      expect([status, body.error_code]).toEqual([404, `${PREFIX}NotFound.Pipeline`]);
    });
  });
});
