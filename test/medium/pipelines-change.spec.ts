import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { kafkaProxy } from '../support/kafka-proxy.js';
import { until } from './kafka-fixture.js';
import {
  isolated,
  lastValues,
  makeTopic,
  MgmtFixture,
  PIPELINES,
  testConfig,
  topicConfig,
  topicRecords,
  topicsOf,
  writeRecords,
} from './mgmt-fixture.js';

const HOUR_MS = 3_600_000;

describe('a change of a pipeline', () => {
  let kafka: FreezableProxy;
  let database: FreezableProxy;
  let mgmt: MgmtFixture;
  let tenant: string;

  beforeAll(async () => {
    const environment = isolated();
    const { host, port } = testConfig(environment).database;
    [kafka, database] = [await kafkaProxy(), await FreezableProxy.to(host, port)];
    mgmt = await MgmtFixture.start({
      ...environment,
      SDP_MQ_MQHOST: '127.0.0.1',
      SDP_MQ_MQPORT: String(kafka.port),
      SDP_DATABASE_HOST: '127.0.0.1',
      SDP_DATABASE_PORT: String(database.port),
      SDP_KAFKA_ADMINTIMEOUTMS: '1500',
    });
    tenant = mgmt.config.kafka.names.tenant;
  });
  afterAll(async () => {
    await mgmt.stop();
    await Promise.all([kafka.close(), database.close()]);
  });

  const base = (name: string) => `${tenant}-${name}`;
  const create = (id: string, body: object = {}) =>
    mgmt
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: base('former'), ...body })
      .expect(201);
  const change = (id: string) =>
    mgmt
      .public()
      .put(`${PIPELINES}/${id}`)
      .send({
        name: id,
        index_base: base(`next-${id}`),
        deployment_config: { parallelism: 2 },
        settings: { input_partitions: 4, error_retention_hours: 5 },
      });
  const form = async (id: string) => {
    const { body } = await mgmt.public().get(`${PIPELINES}/${id}`).expect(200);
    const desired = await lastValues(`${tenant}.sdp.control`);
    return {
      base: body.index_base,
      hasNextOutput: (await topicsOf(`${tenant}.mdl.process.${base(`next-${id}`)}`)).length === 1,
      inputPartitions: (await topicRecords(body.input_topic)).length,
      retentionMs: (await topicConfig(body.error_topic))['retention.ms'],
      tasks: (await mgmt.public().get(`${PIPELINES}/${id}/tasks`)).body.total_count,
      told: [...desired]
        .filter(([key]) => key.startsWith(`${id}#`))
        .map(([, task]) => (task as Told).indexBase.baseType),
    };
  };
  interface Told {
    indexBase: { baseType: string };
  }
  const changed = (id: string) => ({
    base: base(`next-${id}`),
    hasNextOutput: true,
    inputPartitions: 4,
    retentionMs: String(5 * HOUR_MS),
    tasks: 2,
    told: [base(`next-${id}`), base(`next-${id}`)],
  });

  it('reaches topics, tasks and workers before it is answered', async () => {
    await create('whole');
    await change('whole').expect(204);
    expect(await form('whole')).toEqual(changed('whole'));
  });

  it('is refused with Kafka away, and nothing is changed', async () => {
    await create('refused');
    const before = await form('refused');
    kafka.freeze();

    const { status, body } = await change('refused');

    kafka.thaw();
    expect([status, body.error_code]).toEqual([503, 'StreamDataPipeline.ServiceUnavailable.Kafka']);
    await mgmt.get(Reconciler).run();
    expect(await form('refused')).toEqual(before);
  });

  it('that loses Kafka once it is recorded is brought about by the reconciler', async () => {
    await create('recorded');
    database.onceSent('`f_adapt_due` = 1', () => kafka.freeze());

    await change('recorded').expect(204);

    kafka.thaw();
    await until('the reconciler has brought it about', async () => {
      await mgmt.get(Reconciler).run();
      const rows = await mgmt.sql('SELECT 1 FROM t_stream_data_pipeline WHERE f_published_revision < f_revision');
      return rows.length === 0;
    });
    expect(await form('recorded')).toEqual(changed('recorded'));
  });

  it('leaves the owner’s topic as it is', async () => {
    const own = `${tenant}.orders`;
    await makeTopic(own, 2);
    await writeRecords(own, ['one', 'two']);
    const before = { config: await topicConfig(own), records: await topicRecords(own) };
    await create('owned', { input_topic: own });
    await change('owned').expect(204);
    await mgmt.get(Reconciler).run();
    await mgmt.public().delete(`${PIPELINES}/owned?force=true&delete_output=true`).expect(204);
    expect({ config: await topicConfig(own), records: await topicRecords(own) }).toEqual(before);
  });
});
