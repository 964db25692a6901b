import type { ApiClient } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { type AnsweredCall, eventsOf, isUnknown, versionIn } from '../support/model/call-events.js';
import { CALL_KINDS, carryOut, type PipelineCall, randomCalls } from '../support/model/pipeline-call.js';
import { pipelineModel } from '../support/model/pipeline-model.js';
import { publishedWords } from '../support/model/published-words.js';
import { SeededRandom } from '../support/model/seeded-random.js';
import { sequentialOrder } from '../support/model/sequential-order.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const CALLS = 1000;
/** Pipelines that are called at a time, how often each, and how many calls to it overlap. */
const TOGETHER = 4;
const PER_PIPELINE = 25;
const OVERLAPPING = 4;
const IN_FLIGHT = TOGETHER * OVERLAPPING;
/** In the middle of what the pipelines of then are asked. */
const KILLED_AFTER = 450;
const SEED = Number(process.env.SDP_TEST_SEED ?? Date.now() % 1_000_000);

const FINISHED = `SELECT 1 FROM t_stream_data_pipeline
  WHERE f_step <> '' OR f_desired = 'deleting' OR f_published_revision < f_revision`;

describe(`two replicas, of which one is killed and started again (SDP_TEST_SEED=${SEED})`, () => {
  let installation: Installation;
  let replicas: ProgramProcess[];
  let clients: ApiClient[];
  const answered: AnsweredCall[] = [];
  const versions = new Map<string, number>();
  let tick = 0;

  beforeAll(async () => {
    installation = await Installation.make('replicas', { SDP_KAFKA_INPUTPARTITIONS: '1' });
    replicas = await Promise.all([startReplica(), startReplica()]);
    clients = replicas.map((replica) => installation.api(replica));
    await callAll();
    await finishWhatTheKilledOneLeft();
    await readAll();
  });
  afterAll(() => installation.remove());

  const startReplica = () => installation.start(['--role', 'mgmt']);
  const idsCalled = () => [...new Set(answered.map(({ call }) => call.id))];

  async function ask(call: PipelineCall): Promise<void> {
    const version = versions.get(call.id) ?? 0;
    const from = (tick += 1);
    const indexBase = installation.indexBase(`base-${call.n % 3}`);
    // The replica that was killed answers again when another process has taken its place.
    const client = clients[call.replica] ?? clients[0];
    const answer = await carryOut(call, client as ApiClient, { indexBase, version });
    answered.push({ call, answer, version, from, to: (tick += 1) });
    versions.set(call.id, versionIn(answer) ?? version);
  }

  /** The next calls to a pipeline wait for the ones before: a create takes longer than all the 404s that it would leave. */
  async function callAll(): Promise<void> {
    const options = { count: CALLS, together: TOGETHER, perPipeline: PER_PIPELINE, replicas: 2 };
    const calls = [...randomCalls(new SeededRandom(SEED), options)];
    let restarted: Promise<void> | undefined;
    const callInRounds = async (callsToOne: PipelineCall[]) => {
      for (const round of chunksOf(callsToOne, OVERLAPPING)) {
        const answers = round.map(askWithVersion);
        // What was sent just now is on its way.
        restarted ??= round.some(({ n }) => n >= KILLED_AFTER) ? restartSecond() : undefined;
        await Promise.all(answers);
      }
    };
    for (const group of chunksOf(calls, TOGETHER * PER_PIPELINE)) {
      await Promise.all(
        Map.groupBy(group, ({ id }) => id)
          .values()
          .map(callInRounds),
      );
    }
    await restarted;
  }

  /** Who changes one version only has read it just before. */
  async function askWithVersion(call: PipelineCall): Promise<void> {
    if (call.kind === 'updateIfMatch') {
      await ask({ ...call, kind: 'get' });
    }
    await ask(call);
  }

  /** Meanwhile the first one gets all calls. */
  async function restartSecond(): Promise<void> {
    const killed = replicas[1]?.kill();
    clients = clients.slice(0, 1);
    await killed;
    const replica = await startReplica();
    clients = [...clients, installation.api(replica)];
  }

  /** A create that a crash interrupted is undone once it was silent for a minute: they are made to look older. */
  async function finishWhatTheKilledOneLeft(): Promise<void> {
    const { database } = installation;
    await database.ask("UPDATE t_stream_data_pipeline SET f_step_time = f_step_time - 61000 WHERE f_step <> ''");
    // It reconciles when it starts.
    await startReplica();
    await waitUntil('nothing is half done', async () => (await database.ask(FINISHED)).length === 0, {
      seen: () => database.ask('SELECT f_pipeline_id, f_step, f_desired FROM t_stream_data_pipeline'),
    });
  }

  /** The histories end with what there is, so that it has to follow from what was answered before. */
  async function readAll(): Promise<void> {
    for (const [at, id] of idsCalled().entries()) {
      for (const kind of ['get', 'list', 'rights'] as const) {
        await ask({ n: CALLS + at, kind, id, account: '', replica: at % 2 });
      }
    }
  }

  it('answers as one service would that does one thing after another', () => {
    const faults = idsCalled().flatMap((id) => {
      const calls = answered.filter(({ call }) => call.id === id);
      const { isLegal, order } = sequentialOrder(pipelineModel, calls.flatMap(eventsOf));
      return isLegal
        ? []
        : [
            `${id}: no order. Until: ${order.map((event) => JSON.stringify(event)).join(' ')}
        of ${calls.map(({ call, from, to, answer }) => `${from}-${to} ${call.kind} ${call.n} ${answer?.status}`).join(', ')}`,
          ];
    });
    expect(faults).toEqual([]);
  });

  it('answers nearly all of it, does something of every kind, and loses what was on its way to the killed one only', () => {
    const lost = answered.filter(isUnknown);
    expect(lost.length).toBeLessThanOrEqual(IN_FLIGHT + CALLS / 100);
    const done = answered.filter(({ answer }) => answer !== undefined && answer.status < 300);
    expect([...new Set(done.map(({ call }) => call.kind))].toSorted()).toEqual(CALL_KINDS.toSorted());
  });

  it('has told the workers what the table says, and never an older word after a newer one', async () => {
    const rows = await installation.database.ask(
      `SELECT CONCAT(f_pipeline_id, '#', f_task_index) AS \`key\`, f_slot AS \`partition\`, f_desired AS desired,
         p.f_revision AS revision FROM t_stream_data_pipeline p JOIN t_stream_data_pipeline_task t USING (f_pipeline_id)`,
    );
    const { last, tombstones, stepsBack } = await publishedWords(`${installation.tenant}.sdp.control`);
    expect(stepsBack).toEqual([]);
    const told = last.flatMap(({ key, partition, word }) =>
      word ? [{ key, partition, desired: word.desired, revision: word.revision }] : [],
    );
    const byKey = (a: Record<string, unknown>, b: Record<string, unknown>) =>
      String(a['key']) < String(b['key']) ? -1 : 1;
    expect(told.toSorted(byKey)).toEqual(
      rows.map((row) => ({ ...row, revision: Number(row['revision']) })).toSorted(byKey),
    );
    expect(tombstones).toBeGreaterThan(0);
  });

  it('leaves the rows, tasks, rights and topics of the pipelines that there are, and no others', async () => {
    const { database, kafka, tenant } = installation;
    const column = async (sql: string) => (await database.ask(sql)).map((row) => String(Object.values(row)[0]));
    const there = answered
      .filter(({ call, answer }) => call.n >= CALLS && call.kind === 'get' && answer?.status === 200)
      .map(({ call }) => call.id)
      .toSorted();
    const ids = await column('SELECT f_pipeline_id FROM t_stream_data_pipeline ORDER BY f_pipeline_id');
    expect(ids).toEqual(there);
    const wanted = await column("SELECT JSON_VALUE(f_deployment_config, '$.parallelism') FROM t_stream_data_pipeline");
    expect(await column('SELECT f_pipeline_id FROM t_stream_data_pipeline_task')).toHaveLength(
      wanted.reduce((sum, parallelism) => sum + Number(parallelism), 0),
    );
    const resources = await column('SELECT DISTINCT f_resource FROM t_stream_data_pipeline_policy');
    expect(resources.filter((id) => !there.includes(id))).toEqual([]);
    const own = (await kafka.topics()).filter((topic) => topic.startsWith(`${tenant}.sdp.g`));
    expect(own.toSorted()).toEqual(
      there.flatMap((id) => [`${tenant}.sdp.${id}.error`, `${tenant}.sdp.${id}.input`]).toSorted(),
    );
  });
});

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
