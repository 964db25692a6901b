import type { InputRecord } from '../factories/input-record.js';
import { mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { ownId } from '../factories/record-contents.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { metricsIn, panelQueries, quickRules } from '../support/monitoring-files.js';
import { PrometheusServer } from '../support/prometheus-server.js';
import { Repetition } from '../support/repetition.js';
import { waitUntil } from '../support/wait-until.js';

const partitions = 2;
/** Each second, so that it is two minutes of work that the dashboard shows. */
const scrapes = 120;
const deadlineMs = 300_000;

describe('a Prometheus that reads mgmt and worker while they work', () => {
  let installation: Installation;
  let api: ApiClient;
  let pipeline: PipelineBody;
  let prometheus: PrometheusServer;
  let load: Repetition;

  beforeAll(async () => {
    installation = await Installation.make('monitoring');
    const mgmt = await installation.start(['--role', 'mgmt']);
    api = installation.api(mgmt);
    pipeline = await api.create(
      pipelineRequest(installation.indexBase(), {
        settings: { input_partitions: partitions },
        document_version: 'offset',
      }),
    );
    const worker = await installation.start(['--role', 'worker']);
    prometheus = await PrometheusServer.start({
      label: 'monitoring',
      targets: [mgmt, worker],
      rules: quickRules(),
    });
    load = Repetition.start(produceOnce);
  });

  afterAll(async () => {
    await load?.stop();
    await prometheus?.stop();
    await installation.remove();
  });

  /** One document from both partitions: the one with the higher offset stays, the other is superseded. */
  const rivals = (round: number): InputRecord[] =>
    [0, 1, 1, 0].map((partition) => ({
      ...ownId(round, 'rival'),
      partition,
      key: null,
      headers: {},
      timestamp: Date.now(),
    }));

  /** Records of every kind, some of which are rejected, and requests to the API. */
  const produceOnce = async (round: number) => {
    const { kafka, group } = installation;
    await kafka.produce(pipeline.input_topic, mixedRecords({ count: 1000, partitions, from: round * 1000 }));
    await kafka.produce(pipeline.input_topic, rivals(round));
    await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, () => api.get(pipeline.id));
    await api.request('GET', '/pipelines');
    await api.request('GET', '/pipelines/none');
  };

  const emptyQueries = async () => {
    const answers = await Promise.all(
      panelQueries().map(async ({ name, expression }) => ({ name, samples: await prometheus.query(expression) })),
    );
    return answers.filter(({ samples }) => samples.length === 0).map(({ name }) => name);
  };

  const hasScrapedEnough = async () => {
    const fewest = await prometheus.query('min(count_over_time(up[30m]))');
    return (fewest[0]?.value ?? 0) >= scrapes;
  };

  it(
    'gets an answer to each query of the dashboard',
    async () => {
      await waitUntil('both processes were scraped for two minutes', hasScrapedEnough, { deadlineMs });
      await waitUntil('no query is empty', async () => (await emptyQueries()).length === 0, { seen: emptyQueries });
    },
    2 * deadlineMs,
  );

  it('finds each metric that dashboard and alerts name', async () => {
    const expressions = panelQueries().map(({ expression }) => expression);
    const named = metricsIn([...expressions, quickRules()].join('\n'));
    const known = await prometheus.metricNames();

    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(['indexed', 'forwarded', 'rejected', 'skipped', 'superseded'])('counts %s records', async (outcome) => {
    const expression = `sum(sdp_records_${outcome}_total{pipeline="${pipeline.id}"}) > 0`;

    await waitUntil(`${expression} is true`, async () => (await prometheus.query(expression)).length > 0);
  });

  it('raises no alert', async () => {
    await waitUntil('no alert fires', async () => (await prometheus.firingAlerts()).length === 0, {
      seen: () => prometheus.firingAlerts(),
    });
  });
});
