import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PreviewThreads } from '../../../src/mgmt/preview/preview-threads.js';
import { Database } from '../../../src/platform/database/database.js';
import { FreezableProxy } from '../../support/freezable-proxy.js';
import { until } from '../kafka-fixture.js';
import { closedPort, isolated, opensearch, testConfig } from '../mgmt-fixture.js';
import { ContractService } from './contract-service.js';
import { PIPELINES } from './provocation.js';

/** What stands beside a service, and how it ends. */
interface Started {
  service: ContractService;
  stop: () => Promise<void>;
}

const url = (port: number) => `http://127.0.0.1:${port}`;
const minimal = (id: string) => ({ id, name: id[0]?.toUpperCase() + id.slice(1), use_index_base_in_data: true });

/**
 * Where everything works. Has the pipelines taken, closed, going (being deleted) and undone (a create being undone), which
 * take their bases from data, and kept, which has one of its own.
 */
async function plain(): Promise<Started> {
  const service = await ContractService.start(isolated());
  // A reconciler would finish what stays unfinished here.
  const release = await withoutReconciler(service);
  for (const id of ['taken', 'closed', 'going', 'undone']) {
    await service.create(minimal(id));
  }
  await service.create({ id: 'kept', name: 'Kept', index_base: `${service.tenant}-kept` });
  const set = (change: string, id: string) =>
    service.sql(`UPDATE t_stream_data_pipeline SET ${change} WHERE f_pipeline_id = ?`, [id]);
  await service.send({ method: 'PUT', path: `${PIPELINES}/closed/attrs/status`, body: { status: 'close' } });
  await set("f_desired = 'deleting', f_pipeline_status = 'deleting'", 'going');
  await set("f_step = 'undoing'", 'undone');
  await opensearch(`/mdl-${service.tenant}-occupied`, 'PUT');
  return { service, stop: async () => (await release(), service.stop()) };
}

async function withoutReconciler(service: ContractService): Promise<() => Promise<void>> {
  const over = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const hold = () => service.provider(Database).tryLock('reconciler', () => (held.resolve(), over.promise));
  const holding = (async () => {
    let isHeld = false;
    // Its first run may be on.
    await until('the reconciler is kept out', async () => (isHeld = await hold()));
    return isHeld;
  })();
  await Promise.race([held.promise, holding]);
  return async () => {
    over.resolve();
    await holding;
  };
}

/** With room for one pipeline, which is there. */
async function full(): Promise<Started> {
  const service = await ContractService.start({ ...isolated(), SDP_SERVER_MAXPIPELINES: '1' });
  await service.create(minimal('only'));
  return alone(service);
}

/** Has ended its previews, as it does before it ends itself. */
async function ending(): Promise<Started> {
  const service = await ContractService.start(isolated());
  await service.create(minimal('only'));
  await service.provider(PreviewThreads).close();
  return alone(service);
}

/** One request a minute, which was made. */
async function hurried(): Promise<Started> {
  const service = await ContractService.start({ ...isolated(), SDP_SERVER_RATELIMITPERMIN: '1' });
  await service.get(PIPELINES);
  return alone(service);
}

/** Its database has lost a table, and holds a row that somebody has torn. */
async function damaged(): Promise<Started> {
  const service = await ContractService.start(isolated());
  await service.create(minimal('torn'));
  await service.sql("UPDATE t_stream_data_pipeline SET f_settings = '{' WHERE f_pipeline_id = 'torn'");
  await service.sql('DROP TABLE t_stream_data_pipeline_policy');
  return alone(service);
}

/** Lost its database while it ran. */
async function databaseAway(): Promise<Started> {
  const environment = isolated();
  const { host, port } = testConfig(environment).database;
  const proxy = await FreezableProxy.to(host, port);
  const proxied = { SDP_DATABASE_HOST: '127.0.0.1', SDP_DATABASE_PORT: String(proxy.port) };
  const service = await ContractService.start({ ...environment, ...proxied });
  await proxy.close();
  const remove = await ContractService.start(environment);
  return { service, stop: async () => (await service.stop({ isShared: true }), remove.stop()) };
}

async function kafkaAway(): Promise<Started> {
  return unready({ SDP_MQ_MQHOST: '127.0.0.1', SDP_MQ_MQPORT: String(await closedPort()) });
}

async function searchAway(): Promise<Started> {
  return unready({ SDP_OPENSEARCH_NODES: url(await closedPort()) });
}

/** Wants more copies of its topics than there are brokers. */
async function topicRefused(): Promise<Started> {
  return alone(await ContractService.start({ ...isolated(), SDP_KAFKA_REPLICATIONFACTOR: '3' }));
}

async function issuerAway(): Promise<Started> {
  return alone(await ContractService.start({ ...isolated(), ...signedTokens(await closedPort()) }));
}

const signedTokens = (port: number) => ({
  SDP_AUTH_MODE: 'jwt',
  SDP_AUTH_JWT_JWKSURL: url(port),
  SDP_AUTH_JWT_ISSUER: 'https://issuer.test',
  SDP_AUTH_JWT_AUDIENCE: 'sdp',
});

/** Callers are known, by the headers of the internal port; another service says what they may do. */
const remotePermission = (port: number) => ({
  ...signedTokens(port),
  SDP_PERMISSION_MODE: 'remote',
  SDP_PERMISSION_REMOTE_URL: url(port),
  SDP_PERMISSION_REMOTE_RETRIES: '0',
});

async function permissionSilent(): Promise<Started> {
  return alone(await ContractService.start({ ...isolated(), ...remotePermission(await closedPort()) }));
}

async function permissionNonsense(): Promise<Started> {
  return permissionThatSays('<html>Welcome</html>');
}

async function permissionElsewhere(): Promise<Started> {
  return permissionThatSays('{"result":true}');
}

async function permissionThatSays(answer: string): Promise<Started> {
  const server = createServer((_request, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service = await ContractService.start({ ...isolated(), ...remotePermission(portOf(server)) });
  const stop = async () => {
    await service.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { service, stop };
}

/** Answers lists, though it is not ready without the service that is away. */
async function unready(settings: Record<string, string>): Promise<Started> {
  const service = await ContractService.start({ ...isolated(), ...settings }, { isReady: false });
  await until('lists are answered', async () => (await service.get(PIPELINES)).status === 200);
  return alone(service);
}

function alone(service: ContractService): Started {
  return { service, stop: () => service.stop() };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const kinds = {
  ...{ plain, full, ending, hurried, damaged, topicRefused },
  ...{ databaseAway, kafkaAway, searchAway, issuerAway },
  ...{ permissionSilent, permissionNonsense, permissionElsewhere },
};

/** Services by what is the matter with them. */
export type ServiceName = keyof typeof kinds;

/** Each service is started when it is first asked for. */
export class Services {
  private readonly started = new Map<ServiceName, Promise<Started>>();

  async get(name: ServiceName): Promise<ContractService> {
    const starting = this.started.get(name) ?? kinds[name]();
    this.started.set(name, starting);
    return (await starting).service;
  }

  async stop(): Promise<void> {
    const ends = [...this.started.values()].map(async (starting) => (await starting).stop());
    const failed = (await Promise.allSettled(ends)).filter((end) => end.status === 'rejected');
    if (failed.length > 0) {
      throw new AggregateError(failed.map(({ reason }: PromiseRejectedResult) => reason as unknown));
    }
  }
}
