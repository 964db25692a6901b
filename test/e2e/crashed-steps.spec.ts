import { jsonRecords } from '../factories/input-records.js';
import { TokenIssuer } from '../medium/token-issuer.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { type Traces, tracesOf, withoutTopics } from '../support/installation-traces.js';
import type { ProgramProcess } from '../support/program-process.js';
import { shortSession } from '../support/short-session.js';
import { waitUntil } from '../support/wait-until.js';

const createPoints = [
  ...['reserved', 'base_noted', 'topics_noted', 'input_made', 'error_made', 'output_made'],
  ...['tasks_placed', 'policy_registered', 'told', 'published'],
];
const deletePoints = [
  ...['marked', 'told', 'group_deleted', 'input_deleted', 'error_deleted', 'tombstoned', 'policy_removed'],
  ...['tasks_removed', 'output_deleted', 'row_removed'],
];
/** The first deletions leave their output topic, the others take it with them. */
const keptOutputs = 8;
const updatePoints = ['checked', 'replaced', 'topics_adapted', 'tasks_placed', 'told', 'published'];
const takeOverPoints = ['topics_made', 'tasks_placed', 'adopted'];

const mgmt = ['--role', 'mgmt'];
const hourMs = 3_600_000;

/** Two processes that start beside each other are through sooner than one after the other. */
const inPairs = (points: readonly string[]) =>
  points.flatMap((point, at) => (at % 2 === 0 ? [[point, ...points.slice(at + 1, at + 2)]] : []));

/** Processes of the management half that die at one step each; workers live on. What is left is looked at in the end. */
describe('a crash between two steps', () => {
  let issuer: TokenIssuer;
  let token: string;
  let installation: Installation;
  let before: Traces;
  let healed: ProgramProcess;
  let api: ApiClient;
  const formers = new Map<string, PipelineBody>();

  const idOf = (saga: string, point: string) => `${saga}-${point.replaceAll('_', '-')}`;
  const requestOf = (id: string, base = id) => ({
    id,
    name: `Name of ${id}`,
    index_base: installation.indexBase(base),
  });
  const outputOf = (base: string) => `${installation.tenant}.mdl.process.${installation.indexBase(base)}`;

  /** For each point starts a process that dies there, and lets it come so far. */
  async function crashes(saga: string, points: string[], act: (id: string) => (api: ApiClient) => Promise<unknown>) {
    const outcomes = points.map(async (point) => {
      const id = idOf(saga, point);
      const program = await installation.start(mgmt, { SDP_DEBUG_FAILPOINTS: `${saga}.${point}:${id}` });
      const answered = await act(id)(installation.api(program, token)).catch(() => 'nobody');
      return [point, answered, (await program.exited()).signal];
    });
    expect(await Promise.all(outcomes)).toEqual(points.map((point) => [point, 'nobody', 'SIGKILL']));
  }

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    token = await issuer.token('root');
    installation = await Installation.make('crashed-steps', {
      ...issuer.settings,
      ...shortSession,
      SDP_PERMISSION_MODE: 'local',
      SDP_PERMISSION_ADMINISTRATORS: 'user:root',
    });
    await installation.start(['--role', 'worker'], {}, 'live');
    const first = await installation.start(mgmt);
    before = await tracesOf(installation);
    const through = installation.api(first, token);
    const requests = [
      ...deletePoints.map((point, at) => requestOf(idOf('delete', point), at < keptOutputs ? 'kept' : `delete-${at}`)),
      ...updatePoints.map((point) => requestOf(idOf('update', point), 'former')),
    ];
    for (const request of requests) {
      formers.set(request.id, await through.create(request));
    }
    await Promise.all(requests.map(({ id }) => tasksRun(through, id, 1)));
    await first.kill();
  });
  afterAll(async () => {
    await installation.remove();
    await issuer.stop();
  });

  const tasksRun = (through: ApiClient, id: string, count: number) =>
    waitUntil(
      `${count} tasks of ${id} run`,
      async () => (await through.tasks(id)).filter(({ state }) => state === 'running').length === count,
      { seen: () => through.tasks(id) },
    );

  it.each(inPairs(createPoints))('of a create, at %s or %s, ends the process', async (...points) => {
    const created = (id: string) => (through: ApiClient) => through.request('POST', '/pipelines', requestOf(id));
    await crashes('create', points, created);
  });

  it.each(inPairs(deletePoints))('of a deletion, at %s or %s, ends the process', async (...points) => {
    const wish = deletePoints.indexOf(points[0] ?? '') < keptOutputs ? '' : '&delete_output=true';
    const deleted = (id: string) => (through: ApiClient) =>
      through.request('DELETE', `/pipelines/${id}?force=true${wish}`);
    await crashes('delete', points, deleted);
  });

  it.each(inPairs(updatePoints))('of a change, at %s or %s, ends the process', async (...points) => {
    const replaced = (id: string) => (through: ApiClient) => through.request('PUT', `/pipelines/${id}`, changed(id));
    await crashes('update', points, replaced);
  });

  const changed = (id: string) => ({
    name: `New name of ${id}`,
    index_base: installation.indexBase(`${id}-next`),
    deployment_config: { parallelism: 2 },
    settings: { input_partitions: 4, error_retention_hours: 5 },
  });

  it.each(takeOverPoints)('of the take-over of an older row, at %s, ends the process', async (point) => {
    const id = idOf('old', point);
    await installation.database.insert('t_stream_data_pipeline', {
      ...{ f_pipeline_id: id, f_pipeline_name: id, f_tags: '', f_output_type: 'index_base' },
      ...{ f_index_base: installation.indexBase(id), f_pipeline_status: 'running', f_pipeline_status_details: '' },
      f_deployment_config: '{"cpu_limit":1,"memory_limit":256}',
    });
    const program = await installation.launch(mgmt, { SDP_DEBUG_FAILPOINTS: `take_over.${point}:${id}` });
    expect(await program.exited()).toMatchObject({ signal: 'SIGKILL' });
  });

  it('is healed by a process that starts then', async () => {
    healed = await installation.start(mgmt);
    api = installation.api(healed, token);
    const gone = [
      ...createPoints.filter((point) => point !== 'published').map((point) => idOf('create', point)),
      ...deletePoints.map((point) => idOf('delete', point)),
    ];
    await waitUntil(
      'creates are undone and deletions done',
      async () => {
        const { pipelines } = await tracesOf(installation);
        return !gone.some((id) => pipelines.includes(id));
      },
      { seen: async () => (await tracesOf(installation)).pipelines },
    );
  });

  it.each(updatePoints)('of a change, at %s, leaves one form of it, in everything', async (point) => {
    const id = idOf('update', point);
    const former = formers.get(id);
    const isChanged = point !== 'checked';
    await tasksRun(api, id, isChanged ? 2 : 1);
    const pipeline = await api.get(id);
    expect(pipeline).toMatchObject(isChanged ? changed(id) : { ...former, operations: expect.anything() });
    const { topics, tasks, controlKeys } = await tracesOf(installation);
    const { 'retention.ms': retentionMs } = await installation.kafka.topicConfig(pipeline.error_topic);
    expect({
      tasks: tasks.filter((task) => task.startsWith(`${id} `)),
      keys: controlKeys.filter((key) => key.startsWith(`${id}#`)),
      hasNextOutput: topics.includes(outputOf(`${id}-next`)),
      retentionMs,
    }).toEqual({
      tasks: isChanged ? [`${id} 0`, `${id} 1`] : [`${id} 0`],
      keys: isChanged ? [`${id}#0`, `${id}#1`] : [`${id}#0`],
      hasNextOutput: isChanged,
      retentionMs: String((isChanged ? 5 : 168) * hourMs),
    });
  });

  it.each(takeOverPoints)('of a take-over, at %s, leaves a pipeline that runs', async (point) => {
    await tasksRun(api, idOf('old', point), 1);
  });

  it('of a create leaves id and name to another one, which works; a finished one is there', async () => {
    const ids = createPoints.map((point) => idOf('create', point));
    for (const id of ids) {
      const { status } = await api.request('POST', '/pipelines', requestOf(id));
      expect([id, status]).toEqual([id, id === idOf('create', 'published') ? 403 : 201]);
    }
    const records = jsonRecords({ count: 3, partitions: 1 });
    await Promise.all(
      ids.map(async (id) => {
        const { input_topic: input } = await api.get(id);
        await installation.kafka.produce(input, records);
        await installation.kafka.caughtUp(installation.group(id), input, () => api.tasks(id));
        expect([id, await installation.search.count(`mdl-${installation.indexBase(id)}`)]).toEqual([id, 3]);
      }),
    );
  });

  it('leaves no trace in the end but output topics that were not asked for', async () => {
    const { pipelines } = await tracesOf(installation);
    for (const id of pipelines) {
      const { status } = await api.request('DELETE', `/pipelines/${id}?force=true&delete_output=true`);
      expect([id, [202, 204].includes(status)]).toEqual([id, true]);
    }
    const left = [outputOf('kept')];
    await waitUntil('all are gone', async () => (await tracesOf(installation)).pipelines.length === 0);
    const after = await tracesOf(installation);
    expect(after.topics).toEqual(expect.arrayContaining(left));
    expect(withoutTopics(after, left)).toEqual(before);
  });
});
