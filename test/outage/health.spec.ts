import { arch, platform } from 'node:os';
import type { ServiceName } from '../../sandbox/service-name.js';
import { databaseUrl, kafkaBrokers, openSearchUrl } from '../support/environment.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { HealthProbe } from '../support/health-probe.js';
import { Installation } from '../support/installation.js';
import { without } from '../support/services.js';

const [broker = ''] = kafkaBrokers();

describe('the health of a management process and a worker', () => {
  let installation: Installation;
  let mgmt: HealthProbe;
  let worker: HealthProbe;

  beforeAll(async () => {
    installation = await Installation.make('health');
    mgmt = new HealthProbe((await installation.start(['--role', 'mgmt'])).url);
    worker = new HealthProbe((await installation.start(['--role', 'worker'])).url);
  });
  afterAll(() => installation.remove());

  const roles = () => [mgmt, worker];

  it('says on both what runs and on what', async () => {
    for (const role of roles()) {
      expect(await role.report()).toEqual({
        status: 'ok',
        name: 'flow-stream-data-pipeline',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        commit: expect.stringMatching(/^([0-9a-f]{40}(-dirty)?|unknown)$/),
        language: 'typescript',
        language_version: expect.stringMatching(/^Node\.js \d+\.\d+\.\d+, TypeScript \d+\.\d+\.\d+$/),
        os: platform(),
        architecture: arch(),
        details: expect.any(Object),
      });
    }
    const up = { status: 'up', latency_ms: expect.any(Number) };
    expect((await mgmt.report()).details).toEqual({ database: up, kafka: up, opensearch: up, index_base: up });
    expect((await worker.report()).details).toEqual({ kafka: up, opensearch: up, placement: up });
  });

  it.each<{ service: ServiceName; onMgmt: string[]; onWorker: string[]; place: string; setting: string }>([
    { service: 'mariadb', onMgmt: ['database'], onWorker: [], place: databaseUrl().host, setting: 'database.host' },
    { service: 'kafka', onMgmt: ['kafka'], onWorker: ['kafka'], place: broker, setting: 'mq.mqHost' },
    {
      ...{ service: 'opensearch', onMgmt: ['opensearch', 'index_base'], onWorker: ['opensearch'] },
      ...{ place: openSearchUrl(), setting: 'opensearch.nodes' },
    },
  ])('names exactly what is missing without $service, with the reason, and recovers', async (missing) => {
    const { service, onMgmt, onWorker, place, setting } = missing;
    await without(service, async () => {
      const told = [await mgmt.downIs(onMgmt), await worker.downIs(onWorker)].flatMap((each) => Object.values(each));
      expect(told).toHaveLength(onMgmt.length + onWorker.length);
      for (const message of told) {
        expect(message).toContain(place);
        expect(message).toContain(setting);
        expect(message).toMatch(/ECONNREFUSED|did not answer/);
      }
      expect(await Promise.all(roles().map((role) => role.liveStatus()))).toEqual([200, 200]);
      // An outage does not take a process out of service that can do something without it.
      expect(await mgmt.failing()).toEqual(service === 'mariadb' ? ['database'] : []);
      expect(await worker.failing()).toEqual([]);
    });

    await Promise.all(roles().map((role) => role.downIs([])));
    await Promise.all(roles().map((role) => role.ready()));
  });
});

describe('the health of a process whose services accept connections and never answer', () => {
  let installation: Installation;
  let proxies: FreezableProxy[];

  beforeAll(async () => {
    installation = await Installation.make('health-silence');
    const { hostname, port } = databaseUrl();
    const search = new URL(openSearchUrl());
    proxies = [
      await FreezableProxy.to(hostname, Number(port)),
      await FreezableProxy.to(search.hostname, Number(search.port)),
    ];
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await installation.remove();
  });

  it('tells which are silent, and that it lives, as long as they are', async () => {
    const [database, search] = proxies;
    const program = await installation.start(['--role', 'mgmt'], {
      ...{ SDP_DATABASE_HOST: '127.0.0.1', SDP_DATABASE_PORT: String(database?.port) },
      SDP_OPENSEARCH_NODES: `http://127.0.0.1:${search?.port}`,
    });
    const health = new HealthProbe(program.url);
    proxies.forEach((proxy) => proxy.freeze());

    const told = await health.downIs(['database', 'opensearch', 'index_base']);
    expect(Object.values(told)).toEqual(
      Array.from({ length: 3 }, (): unknown =>
        expect.stringMatching(/^no answer within 2000 ms \(at .+; settings .+\)$/),
      ),
    );
    const checking = { isUnderWay: true };
    const report = health.report().finally(() => {
      checking.isUnderWay = false;
    });
    expect(await health.liveStatus()).toBe(200);
    expect(checking.isUnderWay).toBe(true);
    expect((await report).details['kafka']?.status).toBe('up');
  });
});
