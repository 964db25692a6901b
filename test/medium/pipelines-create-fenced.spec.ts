import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { kafkaProxy } from '../support/kafka-proxy.js';
import { until } from './kafka-fixture.js';
import { isolated, MgmtFixture, PIPELINES, topicsOf } from './mgmt-fixture.js';

describe('a create that stands still between two steps', () => {
  let kafka: FreezableProxy;
  let database: FreezableProxy;
  let slow: MgmtFixture;
  let other: MgmtFixture;
  let tenant: string;

  beforeAll(async () => {
    const environment = isolated();
    other = await MgmtFixture.start(environment);
    const { host, port } = other.config.database;
    [kafka, database] = [await kafkaProxy(), await FreezableProxy.to(host, port)];
    slow = await MgmtFixture.start({
      ...environment,
      SDP_MQ_MQHOST: '127.0.0.1',
      SDP_MQ_MQPORT: String(kafka.port),
      SDP_DATABASE_HOST: '127.0.0.1',
      SDP_DATABASE_PORT: String(database.port),
      SDP_KAFKA_ADMINTIMEOUTMS: '30000',
    });
    tenant = other.config.kafka.names.tenant;
  });
  afterAll(async () => {
    await slow.stop({ isShared: true });
    await other.stop();
    await Promise.all([kafka.close(), database.close()]);
  });

  const rows = (id: string) => other.sql('SELECT f_step FROM t_stream_data_pipeline WHERE f_pipeline_id = ?', [id]);
  /** Begins a create whose request for the first topic gets no further; resolves when it is so far. */
  const standing = async (id: string) => {
    database.onceSent('`f_made_topics` = ', () => kafka.freeze());
    const body = { id, name: id, index_base: `${tenant}-${id}` };
    const answer = slow.public().post(PIPELINES).send(body);
    const given = answer.then(({ status, body: told }) => ({ status, code: told.error_code as string | undefined }));
    await until('a topic is noted', async () => {
      const noted = "SELECT 1 FROM t_stream_data_pipeline WHERE f_pipeline_id = ? AND f_made_topics <> '[]'";
      return (await other.sql(noted, [id])).length === 1;
    });
    return { given };
  };

  it('is left alone by another replica, since its process shows that it lives', async () => {
    const { given } = await standing('alive');
    await other.get(Reconciler).run();
    expect(await rows('alive')).toEqual([{ f_step: 'topics' }]);

    kafka.thaw();

    expect(await given).toMatchObject({ status: 201 });
  });

  it('and was taken for dead meanwhile makes nothing that stays', async () => {
    const { given } = await standing('dead');
    await until('a replica that finds it silent has undone it', async () => {
      await other.sql("UPDATE t_stream_data_pipeline SET f_step_time = 0 WHERE f_step = 'topics'");
      await other.get(Reconciler).run();
      return (await rows('dead')).length === 0;
    });

    kafka.thaw();

    expect(await given).toEqual({ status: 503, code: 'StreamDataPipeline.ServiceUnavailable.CreateUndo' });
    expect(await topicsOf(`${tenant}.sdp.dead.`)).toEqual([]);
    expect(await rows('dead')).toEqual([]);
  });
});
