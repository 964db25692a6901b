import type { Response } from 'supertest';
import { isolated, MgmtFixture, PIPELINES, topicsOf } from './mgmt-fixture.js';

const CREATES = 50;
const PREFIX = 'StreamDataPipeline.';

type Outcome = readonly [status: number, code: string | undefined];

const outcome = ({ status, body }: Response): Outcome => [status, (body as { error_code?: string }).error_code];
const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const sorted = (outcomes: Outcome[]) => outcomes.toSorted(([a], [b]) => a - b);

describe('creates on two replicas at once', () => {
  let replicas: [MgmtFixture, MgmtFixture];
  let tenant: string;

  beforeAll(async () => {
    const environment = { ...isolated(), SDP_SERVER_MAXPIPELINES: '10' };
    const first = await MgmtFixture.start(environment);
    replicas = [first, await MgmtFixture.start(environment)];
    tenant = first.config.kafka.names.tenant;
  });
  afterAll(async () => {
    await replicas[1].stop({ isShared: true });
    await replicas[0].stop();
  });

  /** Every other one goes to the second replica. */
  const createAll = (bodies: readonly object[]) =>
    Promise.all(
      bodies.map((body, n) =>
        replicas[n % 2 === 0 ? 0 : 1]
          .public()
          .post(PIPELINES)
          .send({ index_base: `${tenant}-logs`, ...body }),
      ),
    );
  const rows = (where: string, value: string) =>
    replicas[0].sql(`SELECT f_pipeline_id, f_step FROM t_stream_data_pipeline WHERE ${where} = ?`, [value]);
  const tasks = (id: string) =>
    replicas[0].sql('SELECT f_task_index FROM t_stream_data_pipeline_task WHERE f_pipeline_id = ?', [id]);

  it('let exactly one have the name, and the others leave nothing', async () => {
    const answers = await createAll(times(CREATES, (n) => ({ id: `n${n}`, name: 'Wanted' })));

    expect(sorted(answers.map(outcome))).toEqual([
      [201, undefined],
      ...times(CREATES - 1, () => [403, `${PREFIX}Duplicated.PipelineName`]),
    ]);
    const winner = answers.find(({ status }) => status === 201)?.body as { id: string };
    expect(await rows('f_pipeline_name', 'Wanted')).toEqual([{ f_pipeline_id: winner.id, f_step: '' }]);
    expect(await tasks(winner.id)).toHaveLength(1);
    expect([...(await topicsOf(`${tenant}.sdp.n`)), ...(await topicsOf(`${tenant}.mdl.`))]).toEqual([
      `${tenant}.sdp.${winner.id}.error`,
      `${tenant}.sdp.${winner.id}.input`,
      `${tenant}.mdl.process.${tenant}-logs`,
    ]);
  });

  it('let exactly one have the id', async () => {
    const answers = await createAll(times(CREATES, (n) => ({ id: 'same', name: `Same ${n}` })));

    expect(sorted(answers.map(outcome))).toEqual([
      [201, undefined],
      ...times(CREATES - 1, () => [403, `${PREFIX}Duplicated.PipelineID`]),
    ]);
    const winner = answers.findIndex(({ status }) => status === 201);
    const { body } = await replicas[1].public().get(`${PIPELINES}/same`).expect(200);
    expect(body).toMatchObject({ name: `Same ${winner}` });
    expect(await rows('f_pipeline_id', 'same')).toHaveLength(1);
    expect(await tasks('same')).toHaveLength(1);
    expect(await topicsOf(`${tenant}.sdp.same.`)).toHaveLength(2);
  });

  it('do not exceed the most pipelines that there may be', async () => {
    const before = (await replicas[0].public().get(PIPELINES)).body.total_count as number;

    const answers = await createAll(times(20, (n) => ({ name: `Filler ${n}` })));

    expect(sorted(answers.map(outcome))).toEqual([
      ...times(10 - before, () => [201, undefined]),
      ...times(10 + before, () => [403, `${PREFIX}CountExceeded.Pipelines`]),
    ]);
    const [row] = await replicas[0].sql('SELECT COUNT(*) AS total FROM t_stream_data_pipeline');
    expect(Number(row?.total)).toBe(10);
    expect((await replicas[1].public().get(PIPELINES)).body.total_count).toBe(10);
  });
});
