import { connect } from 'node:net';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const token = 'a-token-of-this-test';
const base = '/api/flow-stream-data-pipeline/v1';
const internalBase = '/api/flow-stream-data-pipeline/in/v1';
const account = { 'x-account-id': 'billing', 'x-account-type': 'app' };
/** Another address of the same machine, as one of its network cards has. */
const elsewhere = '127.0.0.2';

interface Listener {
  listener: string;
  url: string;
  open_connections: number;
}

describe('the listeners of the program', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('listeners', { SDP_DEBUG_TOKEN: token });
  });
  afterAll(() => installation.remove());

  const asked = async <T>(url: string, headers: Record<string, string> = {}, init: RequestInit = {}) => {
    const response = await fetch(url, { ...init, headers });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  const withToken = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const listenersOf = async (program: ProgramProcess) =>
    (await asked<{ listeners: Listener[] }>(`${program.url}/debug/connections`, withToken)).body.listeners;

  it('let services reach the internal one on loopback alone, while everybody reaches the public one', async () => {
    const mgmt = await installation.start(['--role', 'mgmt'], { SDP_SERVER_BINDADDRESS: '0.0.0.0' });
    const listeners = await listenersOf(mgmt);
    expect(listeners.map(({ listener }) => listener)).toEqual(['public', 'internal']);
    expect(listeners[0]?.open_connections).toBeGreaterThan(0);
    const [open, internal] = listeners.map(({ url }) => Number(new URL(url).port));

    expect(await connects(elsewhere, open)).toBe(true);
    expect(await connects('127.0.0.1', internal)).toBe(true);
    expect(await connects(elsewhere, internal)).toBe(false);

    const own = `http://127.0.0.1:${internal}`;
    expect((await asked(`${own}${internalBase}/pipelines`, account)).status).toBe(200);
    expect((await asked(`${own}${internalBase}/pipelines`)).status).toBe(401);
    expect((await asked(`${own}${base}/pipelines`, account)).status).toBe(404);
    expect((await asked(`${mgmt.url}${internalBase}/pipelines`, account)).status).toBe(404);
    const made = { method: 'POST', body: JSON.stringify(pipelineRequest(installation.indexBase(), { id: 'mine' })) };
    const json = { 'content-type': 'application/json' };
    expect((await asked(`${mgmt.url}${base}/pipelines`, { ...account, ...json }, made)).status).toBe(201);
    const { body } = await asked<{ creator: object }>(`${own}${internalBase}/pipelines/mine`, account);
    expect(body.creator).toEqual({ id: 'admin', type: 'user', name: 'admin' });
  });

  it('of a worker serve what it tells of itself, to who has the token', async () => {
    const worker = await installation.start(['--role', 'worker']);
    const tasks = () =>
      asked<{ threads: object[]; tasks: object[] }>(`${worker.url}${base}/debug/tasks`, withToken).then(
        ({ body }) => body,
      );
    const { tasks: running, threads } = await waitUntil(
      'the task of the pipeline runs here',
      async () => {
        const seen = await tasks();
        return seen.tasks.some((task) => (task as { state: string }).state === 'running') && seen;
      },
      { seen: tasks },
    );
    expect(running).toEqual([
      expect.objectContaining({
        ...{ pipeline_id: 'mine', index: 0, thread: 'tasks-1', buffer_bytes: 0, bulks_in_flight: 0, crashes: 0 },
        settings: expect.objectContaining({ delivery: 'exactly_once', flush_interval_ms: 1000, tombstones: 'skip' }),
      }),
    ]);
    expect(threads).toEqual([
      expect.objectContaining({
        name: 'tasks-1',
        is_dedicated: false,
        tasks: ['mine#0'],
        heap_used_bytes: expect.any(Number),
      }),
    ]);
    const level = (headers: Record<string, string>) =>
      asked(`${worker.url}${base}/log-level`, headers, { method: 'PUT', body: '{"level":"debug","seconds":60}' });
    expect((await level({ ...withToken, authorization: 'Bearer x' })).status).toBe(401);
    expect((await level(withToken)).status).toBe(204);
    const { body } = await asked<{ level: string }>(`${worker.url}/debug/log-level`, withToken);
    expect(body.level).toBe('debug');
    expect((await asked(`${worker.url}${base}/debug/tasks`)).status).toBe(401);
    expect((await asked(`${worker.url}${internalBase}/debug/tasks`, withToken)).status).toBe(404);
  });
});

function connects(host: string, port = 0): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
