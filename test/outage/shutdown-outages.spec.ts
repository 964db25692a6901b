import type { ServiceName } from '../../sandbox/service-name.js';
import { bulkyRecords } from '../factories/input-records.js';
import { pipelineRequest, smallMemory, smallMemorySettings } from '../factories/pipeline-request.js';
import { openSearchUrl } from '../support/environment.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { without } from '../support/services.js';
import { waitUntil } from '../support/wait-until.js';

const platformPatienceMs = 30_000;
const partitions = 2;

describe('a process that is asked to end while services are away', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.make('shutdown-outages', smallMemorySettings);
  });
  afterEach(() => installation.remove());

  const endsInTime = async (program: ProgramProcess) => {
    const { code, tookMs } = await program.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(platformPatienceMs);
  };

  /** A pipeline with records on their way to a search that has fallen silent, and the worker that holds them. */
  const hanging = async () => {
    const search = new URL(openSearchUrl());
    const proxy = await FreezableProxy.to(search.hostname, Number(search.port));
    const api = installation.api(await installation.start(['--role', 'mgmt']));
    const pipeline = await api.create(
      pipelineRequest(installation.indexBase(), {
        settings: { input_partitions: partitions },
        deployment_config: smallMemory,
      }),
    );
    const records = bulkyRecords({ count: 10_000, partitions });
    await installation.kafka.produce(pipeline.input_topic, records);
    const nodes = { SDP_OPENSEARCH_NODES: `http://127.0.0.1:${proxy.port}` };
    const worker = await installation.start(['--role', 'worker'], nodes);
    const seen = () => api.get(pipeline.id);
    await installation.kafka.midStream(installation.group(pipeline.id), pipeline.input_topic, seen);
    proxy.freeze();
    return { worker, proxy, pipeline, records, seen };
  };

  it('does so in time although OpenSearch hangs, and the next worker loses and doubles nothing', async () => {
    const { worker, proxy, pipeline, records, seen } = await hanging();

    await endsInTime(worker);

    await proxy.close();
    await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, records, seen);
  });

  it('leaves at once with 1 when it is asked a second time', async () => {
    const { worker, proxy, pipeline, records, seen } = await hanging();
    const ended = worker.stop();
    await waitUntil('it has begun to stop', () => worker.log().includes('"Stopping"'));

    expect(await worker.stop()).toMatchObject({ code: 1 });

    await ended;
    await proxy.close();
    await installation.start(['--role', 'worker']);
    await expectExactOutcome(installation, pipeline, records, seen);
  });

  it.each<ServiceName>(['kafka', 'mariadb', 'opensearch'])('does so in both roles without %s', async (service) => {
    const mgmt = await installation.start(['--role', 'mgmt']);
    const api = installation.api(mgmt);
    const pipeline = await api.create(pipelineRequest(installation.indexBase(), { deployment_config: smallMemory }));
    const worker = await installation.start(['--role', 'worker']);
    const records = bulkyRecords({ count: 1000, partitions: 1 });
    await installation.kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));

    await without(service, () => Promise.all([endsInTime(mgmt), endsInTime(worker)]));
  });

  it.each(['mgmt', 'worker', 'all'])('does so as %s while it still waits for all of them', async (role) => {
    const program = await installation.start(
      ['--role', role],
      { SDP_MQ_MQPORT: '1', SDP_DATABASE_PORT: '1', SDP_OPENSEARCH_NODES: 'http://127.0.0.1:1' },
      'live',
    );
    await waitUntil('it waits', () => program.log().includes('Waiting for '));

    await endsInTime(program);
  });
});
