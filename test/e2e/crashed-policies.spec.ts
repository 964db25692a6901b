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
  const isGone = (id: string) =>
    waitUntil(`${id} is gone`, async () => !(await tracesOf(installation)).pipelines.includes(id), {
      seen: () => tracesOf(installation),
    });

  it('after the policy was registered leaves neither it nor anything else', async () => {
    await dies('create.policy_registered:orders', (api) => api.request('POST', '/pipelines', requestOf('orders')));
    expect([...service.policies]).toEqual(['orders']);

    const program = await installation.start(mgmt);
    await isGone('orders');

    expect([...service.policies]).toEqual([]);
    expect(await tracesOf(installation)).toEqual(before);
    await program.kill();
  });

  it('after the policy was deleted does not keep the deletion, although it cannot be deleted again', async () => {
    const first = await installation.start(mgmt);
    await installation.api(first, token).create(requestOf('logs'));
    await first.kill();
    service.deletions.length = 0;
    await dies('delete.policy_removed:logs', (api) =>
      api.request('DELETE', '/pipelines/logs?force=true&delete_output=true'),
    );

    const program = await installation.start(mgmt);
    await isGone('logs');

    expect(service.deletions).toEqual([200, 404]);
    expect(await tracesOf(installation)).toEqual(before);
    await program.kill();
  });

  it('and another one at every step of undoing what the first has left, is healed all the same', async () => {
    await dies('create.told:twice', (api) => api.request('POST', '/pipelines', requestOf('twice')));
    for (const point of undoPoints) {
      await dies(`undo.${point}:twice`);
    }

    expect([...service.policies]).toEqual([]);
    expect(await tracesOf(installation)).toEqual(before);
  });
});
