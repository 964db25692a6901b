import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest, type PipelineRequest } from '../factories/pipeline-request.js';
import { unusableId } from '../factories/record-contents.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { alertNames, quickRules } from '../support/monitoring-files.js';
import type { ProgramProcess } from '../support/program-process.js';
import { PrometheusServer, type ActiveAlert } from '../support/prometheus-server.js';
import { Repetition } from '../support/repetition.js';
import { without } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const hourMs = 3_600_000;

/** Each alert of the rule file in a real fault of its kind. Its durations are shortened by quickRules, its thresholds are not. */
describe('an alert fires', () => {
  let installation: Installation;
  let narrowMgmt: ProgramProcess;
  let worker: ProgramProcess;
  let api: ApiClient;
  let prometheus: PrometheusServer;
  const fired: ActiveAlert[] = [];

  beforeAll(async () => {
    installation = await Installation.make('monitoring-alerts', {
      SDP_INDEXBASE_AUTOCREATE: 'false',
      SDP_SERVER_FAILURETHRESHOLD: '3',
    });
    const mgmt = await installation.start(['--role', 'mgmt']);
    [narrowMgmt, worker] = await Promise.all([
      installation.start(['--role', 'mgmt'], { SDP_DATABASE_POOLSIZE: '1' }),
      installation.start(['--role', 'worker']),
    ]);
    api = installation.api(mgmt);
    prometheus = await PrometheusServer.start({
      label: 'monitoring-alerts',
      // While its database hangs, a mgmt answers a scrape only after some seconds.
      targets: [mgmt, worker, { url: narrowMgmt.url, everySec: 4 }],
      rules: quickRules(),
    });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await installation.remove();
  });

  /** A pipeline that runs, with an index base of its own. */
  const create = async (id: string, changes: Partial<PipelineRequest> = {}): Promise<PipelineBody> => {
    const base = installation.indexBase(id);
    await installation.search.createBase(base);
    const settings = { input_partitions: 1 };
    return api.create(pipelineRequest(base, { id, name: id, settings, ...changes }));
  };

  const produce = async ({ input_topic: topic }: PipelineBody, count: number, ageMs = 0) => {
    const records = jsonRecords({ count, partitions: 1 });
    await installation.kafka.produce(
      topic,
      records.map((record) => ({ ...record, timestamp: record.timestamp - ageMs })),
    );
  };

  const caughtUp = ({ id, input_topic: topic }: PipelineBody) =>
    installation.kafka.caughtUp(installation.group(id), topic, () => api.get(id));

  /** Waits until the alert fires with these labels, at least. */
  const expectAlert = async (alertname: string, labels: Record<string, string> = {}) => {
    const wanted = Object.entries({ alertname, ...labels });
    const alert = await waitUntil(
      `${alertname} fires with ${JSON.stringify(labels)}`,
      async () => {
        const firing = await prometheus.firingAlerts();
        return firing.find((one) => wanted.every(([name, value]) => one.labels[name] === value));
      },
      { seen: async () => (await prometheus.firingAlerts()).map(({ labels: seen }) => seen) },
    );
    fired.push(alert);
  };

  /** Goes on with `round` while `meanwhile` is under way. */
  const during = async (round: (index: number) => Promise<void>, meanwhile: () => Promise<void>) => {
    const repetition = Repetition.start(round);
    try {
      await meanwhile();
    } finally {
      await repetition.stop();
    }
  };

  it('never while everything works', async () => {
    const pipeline = await create('healthy');
    await produce(pipeline, 100);
    await caughtUp(pipeline);

    await waitUntil('all three are read, and nothing is wrong', async () => {
      const [up] = await prometheus.query('sum(up)');
      const [running] = await prometheus.query('max(sdp_pipeline_tasks_running)');
      return up?.value === 3 && running?.value === 1 && (await prometheus.query('ALERTS')).length === 0;
    });
  });

  it('when a task cannot run: it is in error, it restarts, the pipeline does not run', async () => {
    const pipeline = await create('broken');
    await produce(pipeline, 10);
    await caughtUp(pipeline);

    await installation.search.removeBases(pipeline.index_base);
    await produce(pipeline, 10);

    await expectAlert('SdpTaskRestarting', { pipeline: 'broken', task: '0' });
    await expectAlert('SdpTaskInError', { pipeline: 'broken', task: '0' });
    await expectAlert('SdpPipelineNotRunning', { pipeline: 'broken' });
  });

  it('when many records are rejected', async () => {
    const pipeline = await create('poisoned');
    const poison = async (round: number) => {
      const records = jsonRecords({ count: 10, partitions: 1, from: round * 10 });
      await installation.kafka.produce(
        pipeline.input_topic,
        records.map((record, index) => (index === 0 ? { ...record, ...unusableId(round) } : record)),
      );
      await caughtUp(pipeline);
    };

    await during(poison, () => expectAlert('SdpRecordsRejected', { pipeline: 'poisoned' }));
  });

  it('when retention was faster than the pipeline', async () => {
    const pipeline = await create('late');
    await produce(pipeline, 10);
    await caughtUp(pipeline);
    await api.setStatus('late', 'close');
    await waitUntil('nobody reads', () => installation.kafka.isIdle(installation.group('late')));

    await produce(pipeline, 100);
    await installation.kafka.deleteRecordsBefore(pipeline.input_topic, 0, 60);
    await api.setStatus('late', 'running');

    await expectAlert('SdpRecordsLost', { pipeline: 'late' });
  });

  it('when OpenSearch refuses documents now and then', async () => {
    const pipeline = await create('retried');
    const retries = async () => {
      const line = (await worker.metrics()).find((one) => /^sdp_bulk_retries_total\{.*"retried"/.test(one));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const refuseForAWhile = async () => {
      const before = await retries();
      await installation.search.blockWrites(pipeline.index_base, true);
      await produce(pipeline, 100);
      await waitUntil('documents are sent again', async () => (await retries()) > before);
      await installation.search.blockWrites(pipeline.index_base, false);
      await caughtUp(pipeline);
    };

    await during(refuseForAWhile, () => expectAlert('SdpBulkRetries', { pipeline: 'retried' }));
  });

  it('when requests wait for the only connection to the database', async () => {
    const narrowApi = installation.api(narrowMgmt);
    const ask = async () => {
      await Promise.all([1, 2, 3].map(() => narrowApi.request('GET', '/pipelines')));
    };

    await installation.database.withLocked('t_stream_data_pipeline', () =>
      during(ask, () => expectAlert('SdpDatabasePoolExhausted', { instance: new URL(narrowMgmt.url).host })),
    );
  });

  it('when a process has died', async () => {
    await narrowMgmt.kill();

    await expectAlert('SdpTargetDown', { instance: new URL(narrowMgmt.url).host });
  });

  it('when a pipeline works on records of an hour ago', async () => {
    const pipeline = await create('behind');
    const backlog = async () => {
      await produce(pipeline, 100, hourMs);
      await caughtUp(pipeline);
    };

    await during(backlog, () => expectAlert('SdpLagOld', { pipeline: 'behind' }));
  });

  it('when MariaDB is down: as a dependency, and as faults of the API', async () => {
    const ask = async () => {
      await api.request('GET', '/pipelines');
    };

    await without('mariadb', () =>
      during(ask, async () => {
        await expectAlert('SdpDependencyDown', { dependency: 'database' });
        await expectAlert('SdpHttpErrors');
      }),
    );
  });

  it('for each rule of the file, and says whom it is about', () => {
    expect([...new Set(fired.map(({ labels }) => labels['alertname']))].sort()).toEqual(alertNames().sort());
    for (const { labels, annotations } of fired) {
      const subject = labels['pipeline'] ?? labels['dependency'] ?? labels['instance'] ?? 'API';
      expect(annotations['summary']).toContain(subject);
      expect(annotations['description']).not.toMatch(/\{\{|<no value>|NaN/);
    }
  });
});
