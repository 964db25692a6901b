import { ReportPublisher } from '../../src/control/report-publisher.js';
import type { TaskReport } from '../../src/control/task-report.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { MetricsRegistry } from '../../src/platform/metrics/metrics-registry.js';
import { taskReport } from './control-fixture.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { recordingLogger, until } from './kafka-fixture.js';
import { isolated, MgmtFixture, PIPELINES, testConfig } from './mgmt-fixture.js';

describe('what a scrape of the management half tells', () => {
  let mgmt: MgmtFixture;
  let proxy: FreezableProxy;
  let reports: ReportPublisher;

  beforeAll(async () => {
    const environment = isolated();
    const { host, port } = testConfig(environment).database;
    proxy = await FreezableProxy.to(host, port);
    mgmt = await MgmtFixture.start({
      ...environment,
      SDP_DATABASE_PORT: String(proxy.port),
      SDP_DATABASE_POOLSIZE: '4',
    });
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
  afterAll(async () => {
    await mgmt.stop();
    await proxy.close();
  });

  const create = (id: string, parallelism: number) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: `${mgmt.config.kafka.names.tenant}-b`, deployment_config: { parallelism } })
      .expect(201);
  const report = (changes: Partial<TaskReport>) => reports.send([taskReport({ pipelineId: 'wanted', ...changes })]);
  const scrape = async (start: string) =>
    (await mgmt.get(MetricsRegistry).scrape()).split('\n').filter((line) => line.startsWith(start));
  const shows = (...lines: string[]) =>
    until(`the scrape shows ${lines.join(', ')}`, async () => {
      const shown = await scrape('sdp_');
      return lines.every((line) => shown.includes(line));
    });

  it('is what is wanted of each pipeline, what its tasks say, and what the workers were not told', async () => {
    await create('wanted', 3);
    await create('unwanted', 2);
    await mgmt.public().put(`${PIPELINES}/unwanted/attrs/status`).send({ status: 'close' }).expect(204);
    await report({ index: 0, sequence: 1, state: 'running' });
    await report({ index: 1, sequence: 1, state: 'waiting', cause: 'OpenSearch is busy' });
    await report({ index: 2, sequence: 1, state: 'error', cause: 'no' });
    await shows(
      'sdp_pipeline_tasks_desired{pipeline="wanted"} 3',
      'sdp_pipeline_tasks_running{pipeline="wanted"} 2',
      'sdp_pipeline_status{pipeline="wanted",status="error"} 1',
      'sdp_pipeline_status{pipeline="wanted",status="running"} 0',
      'sdp_pipeline_tasks_desired{pipeline="unwanted"} 0',
      'sdp_pipeline_status{pipeline="unwanted",status="close"} 1',
      'sdp_pipelines_unpublished 0',
    );

    await mgmt.sql("UPDATE t_stream_data_pipeline SET f_published_revision = 0 WHERE f_pipeline_id = 'wanted'");
    await shows('sdp_pipelines_unpublished 1');

    await mgmt.public().delete(`${PIPELINES}/unwanted`).expect(204);
    await until('nothing is shown of what is deleted', async () =>
      (await scrape('sdp_')).every((line) => !line.includes('pipeline="unwanted"')),
    );
  });

  it('is the pool of the database', async () => {
    const connections = await scrape('sdp_database_');
    expect(connections).toEqual([
      expect.stringMatching(/^sdp_database_connections\{state="busy"\} \d$/),
      expect.stringMatching(/^sdp_database_connections\{state="idle"\} [1-4]$/),
      'sdp_database_requests_waiting 0',
      'sdp_database_pool_size 4',
    ]);
  });

  it('is nothing of the pipelines while the database is silent, and everything else', async () => {
    proxy.freeze();
    await until('the pipelines are not shown', async () => (await scrape('sdp_pipeline')).length === 0);
    expect(await scrape('sdp_database_pool_size')).toEqual(['sdp_database_pool_size 4']);

    proxy.thaw();
    await until('the pipelines are shown again', async () => (await scrape('sdp_pipeline_status')).length > 0);
  });
});
