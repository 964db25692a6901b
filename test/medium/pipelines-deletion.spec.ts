import { Kafka, logLevel } from 'kafkajs';
import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { testConnection, until } from './kafka-fixture.js';
import { isolated, lastValues, MgmtFixture, PIPELINES, topicsOf } from './mgmt-fixture.js';

describe('the deletion of a pipeline whose tasks do not stop', () => {
  let mgmt: MgmtFixture;
  let tenant: string;

  beforeAll(async () => {
    mgmt = await MgmtFixture.start(isolated());
    tenant = mgmt.config.kafka.names.tenant;
  });
  afterAll(() => mgmt.stop());

  it('is answered after 10 s, tells the tasks to stop, touches no topic, and goes on once they have', async () => {
    await mgmt
      .public()
      .post(PIPELINES)
      .send({ id: 'stuck', name: 'Stuck', index_base: `${tenant}-b` })
      .expect(201);
    const kafka = new Kafka({ brokers: testConnection().brokers, clientId: 'task', logLevel: logLevel.NOTHING });
    const task = kafka.consumer({ groupId: `${tenant}.sdp.stuck`, maxWaitTimeInMs: 100 });
    await task.connect();
    await task.subscribe({ topic: `${tenant}.sdp.stuck.input` });
    const joined = Promise.withResolvers<void>();
    task.on(task.events.GROUP_JOIN, () => joined.resolve());
    await task.run({ eachMessage: () => Promise.resolve() });
    await joined.promise;

    await mgmt.public().delete(`${PIPELINES}/stuck?force=true`).expect(202);

    expect((await mgmt.public().get(`${PIPELINES}/stuck`)).body.status).toBe('deleting');
    const change = await mgmt.public().put(`${PIPELINES}/stuck/attrs/status`).send({ status: 'running' });
    expect(change.body.error_code).toBe('StreamDataPipeline.Conflict.PipelineDeleting');
    expect((await lastValues(`${tenant}.sdp.control`)).get('stuck#0')).toMatchObject({ desired: 'close' });
    expect(await topicsOf(`${tenant}.sdp.stuck.`)).toHaveLength(2);

    await task.disconnect();
    await until('it is gone', async () => {
      await mgmt.get(Reconciler).run();
      return (await mgmt.public().get(`${PIPELINES}/stuck`)).status === 404;
    });
    expect(await topicsOf(`${tenant}.sdp.stuck.`)).toEqual([]);
  });

  it('may be asked for by several at once', async () => {
    await mgmt
      .public()
      .post(PIPELINES)
      .send({ id: 'often', name: 'Often', index_base: `${tenant}-b` })
      .expect(201);
    const answers = await Promise.all([1, 2, 3].map(() => mgmt.public().delete(`${PIPELINES}/often?force=true`)));
    expect(answers.every(({ status }) => status === 204 || status === 404)).toBe(true);
    await mgmt.public().get(`${PIPELINES}/often`).expect(404);
  });
});
