import type { ServiceName } from '../../sandbox/service-name.js';
import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { databaseUrl, kafkaBrokers, openSearchUrl } from '../support/environment.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HealthProbe } from '../support/health-probe.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { stopped } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const [broker = ''] = kafkaBrokers();

describe('a process that starts while a service is absent', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.make('start-wait');
  });
  afterEach(() => installation.remove());

  const saysWhatItWaitsFor = (program: ProgramProcess, text: RegExp) =>
    waitUntil(`${program.logFile} says ${text}`, () => text.test(program.log()), { seen: () => program.logTail() });

  const linesOf = (program: ProgramProcess, text: string) =>
    program
      .log()
      .split('\n')
      .filter((line) => line.includes(text)).length;

  it.each<{ service: ServiceName; name: string; place: string; setting: string; mgmt: string[]; worker: string[] }>([
    {
      ...{ service: 'mariadb', name: 'database', place: databaseUrl().host, setting: 'database.host' },
      // A worker needs no database; it waits for the topic that mgmt makes.
      ...{ mgmt: ['database'], worker: ['placement'] },
    },
    {
      ...{ service: 'kafka', name: 'kafka', place: broker, setting: 'mq.mqHost' },
      ...{ mgmt: ['kafka'], worker: ['kafka', 'placement'] },
    },
    {
      ...{ service: 'opensearch', name: 'opensearch', place: openSearchUrl(), setting: 'opensearch.nodes' },
      ...{ mgmt: ['opensearch'], worker: ['opensearch'] },
    },
  ])('lives, says that it waits for $service and where, and works once it is there', async (absent) => {
    const start = await stopped(absent.service);
    const programs = await Promise.all([
      installation.start(['--role', 'mgmt'], {}, 'live'),
      installation.start(['--role', 'worker'], {}, 'live'),
    ]);
    const [mgmt, worker] = programs;
    try {
      await waitUntil('the worker fails where it should', async () => {
        return String(await new HealthProbe(worker.url).failing()) === String(absent.worker);
      });
      expect(await new HealthProbe(mgmt.url).failing()).toEqual(absent.mgmt);
      for (const program of absent.service === 'mariadb' ? [mgmt] : programs) {
        await saysWhatItWaitsFor(
          program,
          new RegExp(`Waiting for ${absent.name}: .*${absent.place}.*${absent.setting}`),
        );
      }
    } finally {
      await start();
    }

    await Promise.all(programs.map((program) => program.ready()));
    for (const program of absent.service === 'mariadb' ? [mgmt] : programs) {
      // However often it asked, it complained once.
      expect(linesOf(program, `Waiting for ${absent.name}`)).toBe(1);
      await saysWhatItWaitsFor(program, new RegExp(`${absent.name} answers now`));
    }
    const api = installation.api(mgmt);
    const pipeline = await api.create(pipelineRequest(installation.indexBase()));
    const records = jsonRecords({ count: 100, partitions: 1 });
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('waits for a broker that takes connections and never answers, and says so', async () => {
    const [host = '', port] = broker.split(':');
    const proxy = await FreezableProxy.to(host, Number(port));
    proxy.freeze();
    const mgmt = await installation.start(
      ['--role', 'mgmt'],
      { SDP_MQ_MQHOST: '127.0.0.1', SDP_MQ_MQPORT: String(proxy.port) },
      'live',
    );

    const told = await new HealthProbe(mgmt.url).downIs(['kafka']);
    expect(told['kafka']).toMatch(new RegExp(`no answer within .*127.0.0.1:${proxy.port}.*mq.mqPort`));
    expect(await new HealthProbe(mgmt.url).failing()).toEqual(['kafka']);

    await proxy.close();
  });
});
