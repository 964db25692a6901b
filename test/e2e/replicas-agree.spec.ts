import type { ApiClient } from '../support/api-client.js';
import { Installation } from '../support/installation.js';
import { type AnsweredCall, eventsOf, isUnknown, versionIn } from '../support/model/call-events.js';
import { carryOut, type PipelineCall, randomCalls } from '../support/model/pipeline-call.js';
import { pipelineModel } from '../support/model/pipeline-model.js';
import { publishedWords } from '../support/model/published-words.js';
import { SeededRandom } from '../support/model/seeded-random.js';
import { sequentialOrder } from '../support/model/sequential-order.js';
import type { ProgramProcess } from '../support/program-process.js';
import { waitUntil } from '../support/wait-until.js';

const CALLS = 1000;
const IN_FLIGHT = 16;
/** At once, and so often, each pipeline is called: short histories in which much overlaps. */
const TOGETHER = 4;
const PER_PIPELINE = 25;
const KILLED_AFTER = 400;
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

  async function callAll(): Promise<void> {
    const options = { count: CALLS, together: TOGETHER, perPipeline: PER_PIPELINE, replicas: 2 };
    const calls = randomCalls(new SeededRandom(SEED), options);
    let restarted: Promise<void> | undefined;
    const caller = async () => {
      for (const call of calls) {
        if (call.n === KILLED_AFTER) {
          restarted = restartSecond();
        }
        await ask(call);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
    await restarted;
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

  it('answers nearly all of it, and loses what was on its way to the killed one only', () => {
    expect(answered.length).toBe(CALLS + 3 * idsCalled().length);
    const lost = answered.filter(isUnknown);
    expect(lost.length).toBeLessThanOrEqual(IN_FLIGHT + CALLS / 100);
    const created = answered.filter(({ call, answer }) => call.kind === 'create' && answer?.status === 201);
    expect(created.length).toBeGreaterThan(CALLS / (TOGETHER * PER_PIPELINE));
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
