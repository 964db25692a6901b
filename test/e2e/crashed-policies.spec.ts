import { TokenIssuer } from '../medium/token-issuer.js';
import type { ApiClient } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { type Traces, tracesOf } from '../support/installation-traces.js';
import { RemotePermissionService } from '../support/remote-permission-service.js';
import { shortSession } from '../support/short-session.js';
import { waitUntil } from '../support/wait-until.js';

const mgmt = ['--role', 'mgmt'];
const undoPoints = ['told', 'group_deleted', 'topics_deleted', 'policy_removed', 'tasks_removed', 'row_removed'];

describe('a crash, where another service keeps the policies', () => {
  let issuer: TokenIssuer;
  let service: RemotePermissionService;
  let token: string;
  let installation: Installation;
  let before: Traces;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    service = await RemotePermissionService.start();
    token = await issuer.token('alice');
    installation = await Installation.make('crashed-policies', {
      ...issuer.settings,
      ...service.settings,
      ...shortSession,
    });
    await installation.start(['--role', 'worker'], {}, 'live');
    const first = await installation.start(mgmt);
    before = await tracesOf(installation);
    await first.kill();
  });
  afterAll(async () => {
    await installation.remove();
    await service.stop();
    await issuer.stop();
  });

  const requestOf = (id: string) => ({ id, name: id, index_base: installation.indexBase(id) });
  const dies = async (failPoint: string, act: (api: ApiClient) => Promise<unknown> = () => Promise.resolve()) => {
    const program = await installation.launch(mgmt, { SDP_DEBUG_FAILPOINTS: failPoint });
    const ready = program.ready().then(() => act(installation.api(program, token)));
    await Promise.allSettled([ready]);
    expect([failPoint, (await program.exited()).signal]).toEqual([failPoint, 'SIGKILL']);
  };
  it('ends the process after its policy was registered, told of or deleted', async () => {
    const created = (id: string) => (api: ApiClient) => api.request('POST', '/pipelines', requestOf(id));
    await Promise.all([
      dies('create.policy_registered:orders', created('orders')),
      dies('create.told:twice', created('twice')),
    ]);
    expect([...service.policies].toSorted()).toEqual(['orders', 'twice']);

    await dies('delete.policy_removed:logs', async (api) => {
      await api.create(requestOf('logs'));
      await api.request('DELETE', '/pipelines/logs?force=true&delete_output=true');
    });
    expect(service.deletions.get('logs')).toEqual([200]);
  });

  it.each(undoPoints)('may happen again while the first one is made good, at %s', async (point) => {
    await dies(`undo.${point}:twice`);
  });

  it('leaves no policy and nothing else, although what is deleted cannot be deleted again', async () => {
    await installation.start(mgmt);
    await waitUntil('all is made good', async () => (await tracesOf(installation)).pipelines.length === 0, {
      seen: () => tracesOf(installation),
    });

    expect([...service.policies]).toEqual([]);
    expect(service.deletions.get('logs')).toEqual([200, 404]);
    expect(await tracesOf(installation)).toEqual(before);
  });
});
