import type { TaskReport } from '../../src/control/task-report.js';
import { ReportPublisher } from '../../src/control/report-publisher.js';
import { SilentTasks } from '../../src/mgmt/tasks/silent-tasks.js';
import { ReportIntake } from '../../src/mgmt/tasks/report-intake.js';
import { TaskReportsRepository } from '../../src/mgmt/tasks/task-reports.repository.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { taskReport } from './control-fixture.js';
import { recordingLogger, until } from './kafka-fixture.js';
import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';

describe('what workers report', () => {
  let mgmt: MgmtFixture;
  let reports: ReportPublisher;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    reports = new ReportPublisher(
      {
        publisher: mgmt.get(KeyedPublisher),
        admin: mgmt.get(TopicAdmin),
        topic: `${mgmt.config.kafka.names.tenant}.sdp.status`,
        replicationFactor: -1,
      },
      recordingLogger().logger,
    );
  });
  afterAll(() => mgmt.stop());

  async function pipeline(id: string, parallelism = 1): Promise<void> {
    const index_base = `${mgmt.config.kafka.names.tenant}-b`;
    await mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base, deployment_config: { parallelism } })
      .expect(201);
  }
  const send = (pipelineId: string, changes: Partial<TaskReport>) =>
    reports.send([taskReport({ pipelineId, ...changes })]);
  const shown = async (id: string) =>
    (await mgmt.public().get(`${PIPELINES}/${id}`)).body as { status: string; status_details: string };
  const tasks = async (id: string) =>
    (await mgmt.public().get(`${PIPELINES}/${id}/tasks`)).body.entries as { state: string; cause: string }[];
  const isShown = (id: string, status: string) =>
    until(`${id} is ${status}`, async () => (await shown(id)).status === status);

  it('is shown as the status of the pipeline and of each task, and changes nothing that callers own', async () => {
    await pipeline('reporting', 2);
    const before = await mgmt.sql("SELECT * FROM t_stream_data_pipeline WHERE f_pipeline_id = 'reporting'");
    await send('reporting', { index: 0, sequence: 1, workerId: 'w1', recordsInPerSec: 12.5, lagRecords: 3 });
    await send('reporting', {
      ...{ index: 1, sequence: 1, workerId: 'w2', state: 'error', cause: 'OpenSearch refuses', causeCode: 'FORBIDDEN' },
      ...{ attempts: 10, nextAttemptAt: 1_900_000_000_000, memoryBytes: 5e9, cpuPercent: 0.5 },
    });
    await isShown('reporting', 'error');
    expect((await shown('reporting')).status_details).toBe('FORBIDDEN: OpenSearch refuses');
    expect(await tasks('reporting')).toMatchObject([
      { index: 0, worker: 'w1', state: 'running', records_in_per_sec: 12.5, lag_records: 3 },
      {
        ...{ index: 1, worker: 'w2', state: 'error', cause: 'OpenSearch refuses', cause_code: 'FORBIDDEN' },
        ...{ attempts: 10, next_attempt_at: 1_900_000_000_000, memory_bytes: 5e9, cpu_percent: 0.5 },
      },
    ]);
    const [after] = await mgmt.sql("SELECT * FROM t_stream_data_pipeline WHERE f_pipeline_id = 'reporting'");
    expect(after).toEqual({
      ...before[0],
      f_pipeline_status: 'error',
      f_pipeline_status_details: 'OpenSearch refuses',
    });

    await send('reporting', { index: 1, sequence: 2, workerId: 'w2' });
    await isShown('reporting', 'running');
  });

  it('counts by (generation, sequence): an older word does not replace a newer one', async () => {
    await pipeline('ordered');
    await send('ordered', { generation: 5, sequence: 1, state: 'waiting', cause: 'newest' });
    await until('the newest is stored', async () => (await tasks('ordered'))[0]?.cause === 'newest');
    await send('ordered', { generation: 4, sequence: 9, state: 'error', cause: 'older generation' });
    await send('ordered', { generation: 5, sequence: 0, state: 'error', cause: 'older sequence' });
    await pipeline('marker');
    await send('marker', { state: 'waiting', cause: 'written later' });
    await until('later reports are stored', async () => (await tasks('marker'))[0]?.cause === 'written later');
    expect(await tasks('ordered')).toMatchObject([{ state: 'waiting', cause: 'newest' }]);
  });

  it('of tasks that nobody knows does no harm', async () => {
    await send('nobody', { state: 'error' });
    await pipeline('known');
    await send('known', { state: 'waiting', cause: 'here' });
    await until('the known one is stored', async () => (await tasks('known'))[0]?.cause === 'here');
    expect(await mgmt.sql("SELECT * FROM t_stream_data_pipeline_task WHERE f_pipeline_id = 'nobody'")).toEqual([]);
  });

  it('does not bring a closed pipeline back, nor wipe why it was closed', async () => {
    await pipeline('closed');
    const change = { status: 'close', status_details: 'holidays' };
    await mgmt.public().put(`${PIPELINES}/closed/attrs/status,status_details`).send(change).expect(204);
    await send('closed', { state: 'error', cause: 'too late' });
    await until('the report is stored', async () => (await tasks('closed'))[0]?.cause === 'too late');
    expect(await shown('closed')).toMatchObject(change);
  });

  it('is missed: a task that falls silent is unknown, and its pipeline in error until it speaks again', async () => {
    await pipeline('silent');
    await send('silent', { workerId: 'w9', sequence: 1 });
    await until('it is running', async () => (await tasks('silent'))[0]?.state === 'running');
    await mgmt.sql(
      "UPDATE t_stream_data_pipeline_task SET f_report_time = f_report_time - 31000 WHERE f_pipeline_id = 'silent'",
    );

    const ids = await mgmt.get(TaskReportsRepository).markSilent(30_000);
    await mgmt.get(ReportIntake).refreshStatus(ids);

    expect(ids).toEqual(['silent']);
    expect(await tasks('silent')).toMatchObject([
      {
        state: 'unknown',
        cause: expect.stringMatching(/^Its worker w9 has not reported for more than 30 s: .*mq.mqHost/),
        cause_code: 'REPORTS_STOPPED',
      },
    ]);
    expect((await shown('silent')).status).toBe('error');
    await send('silent', { workerId: 'w9', sequence: 2 });
    await isShown('silent', 'running');
  });

  it('is not missed by a process that has not listened long enough itself', async () => {
    await pipeline('early');
    await mgmt.sql("UPDATE t_stream_data_pipeline_task SET f_report_time = 1 WHERE f_pipeline_id = 'early'");
    await mgmt.get(SilentTasks).mark();
    expect(await tasks('early')).toMatchObject([{ state: 'starting' }]);
  });
});
