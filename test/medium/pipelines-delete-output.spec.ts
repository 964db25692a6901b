import { Kafka, logLevel } from 'kafkajs';
import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { testConnection, until } from './kafka-fixture.js';
import { isolated, makeTopic, MgmtFixture, PIPELINES, topicsOf } from './mgmt-fixture.js';

const ROUNDS = { create: 30, update: 9 };
/** Of one that takes a tenth of it on a machine that has nothing else to do. */
const PATIENCE_MS = 150_000;
const IN_USE = 'StreamDataPipeline.Conflict.OutputTopicInUse';

describe('the deletion of a pipeline with its output topic', () => {
  let mgmt: MgmtFixture;
  let tenant: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start({ ...isolated(), SDP_SERVER_MAXPIPELINES: '1000' });
    tenant = mgmt.config.kafka.names.tenant;
  });
  afterAll(() => mgmt.stop());

  const base = (name: string) => `${tenant}-${name}`;
  const output = (name: string) => `${tenant}.mdl.process.${base(name)}`;
  const hasOutput = async (name: string) => (await topicsOf(output(name))).includes(output(name));
  const create = (id: string, body: object) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, ...body });
  const on = (name: string) => ({ index_base: base(name) });
  const remove = (id: string, query = '?force=true&delete_output=true') =>
    mgmt.public().delete(`${PIPELINES}/${id}${query}`);
  const rowOf = async (id: string) =>
    (await mgmt.sql('SELECT * FROM t_stream_data_pipeline WHERE f_pipeline_id = ?', [id]))[0];

  it('takes the topic only when that is asked for', async () => {
    await create('plain', on('asked')).expect(201);
    await remove('plain', '?force=true&delete_output=false').expect(204);
    expect(await hasOutput('asked')).toBe(true);
    await create('wish', on('asked')).expect(201);
    await remove('wish').expect(204);
    expect(await hasOutput('asked')).toBe(false);
    expect((await remove('wish', '?delete_output=maybe')).body.error_code).toMatch(/InvalidParameter.DeleteOutput$/);
  });

  it('changes nothing while another pipeline names the base, and says which', async () => {
    await create('one', on('shared')).expect(201);
    await create('two', on('shared')).expect(201);
    const before = await rowOf('one');

    const { status, body } = await remove('one');

    expect([status, body.error_code, body.error_details]).toMatchObject([409, IN_USE, { pipelines: ['two'] }]);
    expect(await rowOf('one')).toEqual(before);
    expect(await hasOutput('shared')).toBe(true);
    await remove('two', '?force=true').expect(204);
    await remove('one').expect(204);
    expect(await hasOutput('shared')).toBe(false);
  });

  it.each([
    ['takes its bases from the data', () => ({ use_index_base_in_data: true }), ''],
    ['may route', () => on('routing'), `f_handlers = '[{"type":"route"}]'`],
    ['reads the topic', () => ({ ...on('reader'), input_topic: output('needed') }), ''],
    ['is still being made', () => on('needed'), "f_step = 'topics'"],
    ['is still being deleted', () => on('needed'), "f_desired = 'deleting'"],
  ])('changes nothing while another pipeline %s', async (_how, body, change) => {
    await create('leaver', on('needed')).expect(201);
    await create('other', body()).expect(201);
    if (change !== '') {
      await mgmt.sql(`UPDATE t_stream_data_pipeline SET ${change} WHERE f_pipeline_id = 'other'`);
    }

    expect((await remove('leaver')).body.error_code).toBe(IN_USE);

    expect(await hasOutput('needed')).toBe(true);
    await mgmt.sql(
      "UPDATE t_stream_data_pipeline SET f_step = '', f_desired = 'running' WHERE f_pipeline_id = 'other'",
    );
    await remove('other', '?force=true').expect(204);
    await remove('leaver').expect(204);
    expect(await hasOutput('needed')).toBe(false);
  });

  it('takes no handler for one that routes because its options say so', async () => {
    const handlers = [
      { type: 'set', field: 'kind', value: 'route' },
      { type: 'set', field: 'next', value: [{ type: 'route', base: 'needed' }] },
      { type: 'drop', when: { field: 'type', equals: 'route' } },
    ];
    await create('leaver', on('needed')).expect(201);
    await create('setter', { ...on('elsewhere'), handlers }).expect(201);

    await remove('leaver').expect(204);

    expect(await hasOutput('needed')).toBe(false);
    await remove('setter', '?force=true').expect(204);
  });

  it('leaves the topic to a pipeline that comes while it goes on', async () => {
    await create('slow', on('later')).expect(201);
    const kafka = new Kafka({ brokers: testConnection().brokers, clientId: 'task', logLevel: logLevel.NOTHING });
    const task = kafka.consumer({ groupId: `${tenant}.sdp.slow`, maxWaitTimeInMs: 100 });
    await task.connect();
    await task.subscribe({ topic: `${tenant}.sdp.slow.input` });
    const joined = Promise.withResolvers<void>();
    task.on(task.events.GROUP_JOIN, () => joined.resolve());
    await task.run({ eachMessage: () => Promise.resolve() });
    await joined.promise;
    await remove('slow').expect(202);
    await create('comer', on('later')).expect(201);

    await task.disconnect();
    await until('it is gone', async () => {
      await mgmt.get(Reconciler).run();
      return (await mgmt.public().get(`${PIPELINES}/slow`)).status === 404;
    });

    expect(await hasOutput('later')).toBe(true);
    expect(mgmt.log).toContainEqual(expect.objectContaining({ pipeline: 'slow', topic: output('later') }));
  });

  it('leaves no other topic without the pipeline that reads it', async () => {
    await create('source', on('source')).expect(201);
    await create('reader', { ...on('reading'), input_topic: `${tenant}.sdp.source.input` }).expect(201);
    await create('redrive', { ...on('reading'), input_topic: `${tenant}.sdp.source.error` }).expect(201);
    await makeTopic(`${tenant}.bystander`);

    await remove('source').expect(204);

    expect(await topicsOf(`${tenant}.sdp.source.`)).toEqual([
      `${tenant}.sdp.source.error`,
      `${tenant}.sdp.source.input`,
    ]);
    expect(await topicsOf(`${tenant}.bystander`)).toHaveLength(1);
  });

  /** Each lane has a base of its own, so that the rounds of several do not wait for each other. */
  const lanes = ['a', 'b', 'c'];
  it.each(['create', 'update'] as const)(
    `never leaves a pipeline without its topic that a %s brings to the base meanwhile`,
    async (kind) => {
      const answers = await Promise.all(
        lanes.map((lane) => race(`${kind}-${lane}`, kind, ROUNDS[kind] / lanes.length)),
      );
      expect(answers.flat()).toHaveLength(ROUNDS[kind]);
    },
    PATIENCE_MS,
  );

  /** Another one may hold the lock of the topic for too long on a busy machine: then nothing was done, and it is asked for again. */
  const come = {
    create: (id: string, lane: string) =>
      until(`${id} is made`, async () => (await create(id, on(lane))).status === 201),
    update: (id: string, lane: string) =>
      until(`${id} is changed`, async () => {
        const { status } = await mgmt
          .public()
          .put(`${PIPELINES}/${id}`)
          .send({ name: id, ...on(lane) });
        return status === 204;
      }),
  };

  async function race(lane: string, kind: 'create' | 'update', rounds: number): Promise<number[]> {
    const statuses: number[] = [];
    const [leaver, comer] = [`leaver-${lane}`, `comer-${lane}`];
    for (let round = 0; round < rounds; round += 1) {
      await create(leaver, on(lane)).expect(201);
      if (kind === 'update') {
        await create(comer, on(`${lane}-elsewhere`)).expect(201);
      }
      const [{ status }] = await Promise.all([remove(leaver), come[kind](comer, lane)]);
      statuses.push(status);
      // A change is answered when it is recorded; its topics are there at the latest when the reconciler has run.
      await until(`the output topic is there in round ${round}`, async () => {
        await mgmt.get(Reconciler).run();
        return hasOutput(lane);
      });
      if (status === 409) {
        await remove(leaver, '?force=true').expect(204);
      }
      await remove(comer).expect(204);
      expect([round, await hasOutput(lane)]).toEqual([round, false]);
    }
    return statuses;
  }
});
