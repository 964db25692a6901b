import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { kafkaProxy } from '../support/kafka-proxy.js';
import { RemotePermissionService } from '../support/remote-permission-service.js';
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
import { TokenIssuer } from './token-issuer.js';

type Service = 'kafka' | 'database' | 'search' | 'permission';

interface Case {
  away: Service;
  how: 'silent' | 'gone';
  when: string;
  code: string;
}

const SHORT = {
  SDP_KAFKA_ADMINTIMEOUTMS: '1500',
  SDP_KAFKA_REQUESTTIMEOUTMS: '1000',
  SDP_OPENSEARCH_REQUESTTIMEOUTMS: '3000',
  SDP_PERMISSION_REMOTE_TIMEOUTMS: '300',
  SDP_PERMISSION_REMOTE_RETRIES: '1',
};

describe('a create whose services fall away on its way', () => {
  let issuer: TokenIssuer;
  let token: string;
  let service: RemotePermissionService;
  let proxies: Record<Service, FreezableProxy>;
  let mgmt: MgmtFixture;
  let tenant: string;
  let own: string;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    token = `Bearer ${await issuer.token('alice')}`;
    service = await RemotePermissionService.start();
    const environment = isolated();
    const { database, opensearch } = testConfig(environment);
    const search = new URL(opensearch.nodes[0] ?? '');
    proxies = {
      kafka: await kafkaProxy(),
      database: await FreezableProxy.to(database.host, database.port),
      search: await FreezableProxy.to(search.hostname, Number(search.port)),
      permission: await FreezableProxy.to('127.0.0.1', service.port),
    };
    mgmt = await MgmtFixture.start({
      ...environment,
      ...issuer.settings,
      ...service.settings,
      ...SHORT,
      SDP_MQ_MQHOST: '127.0.0.1',
      SDP_MQ_MQPORT: String(proxies.kafka.port),
      SDP_DATABASE_HOST: '127.0.0.1',
      SDP_DATABASE_PORT: String(proxies.database.port),
      SDP_OPENSEARCH_NODES: `http://127.0.0.1:${proxies.search.port}`,
      SDP_PERMISSION_REMOTE_URL: `http://127.0.0.1:${proxies.permission.port}`,
    });
    tenant = mgmt.config.kafka.names.tenant;
    own = `${tenant}.orders`;
    await makeTopic(own, 3);
    await writeRecords(own, ['one', 'two', 'three']);
  });
  afterAll(async () => {
    await mgmt.stop();
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await service.stop();
    await issuer.stop();
  });

  const as = (request: ReturnType<ReturnType<MgmtFixture['public']>['get']>) => request.set('Authorization', token);
  /** Everything there is, as it is told without the proxies. */
  const state = async () => ({
    topics: await topicsOf(`${tenant}.`),
    own: { config: await topicConfig(own), records: await topicRecords(own) },
    controlKeys: [...(await lastValues(`${tenant}.sdp.control`))].filter(([, value]) => value !== null),
    rows: await mgmt.sql('SELECT f_pipeline_id FROM t_stream_data_pipeline'),
    tasks: await mgmt.sql('SELECT f_pipeline_id FROM t_stream_data_pipeline_task'),
    policies: [...service.policies],
  });
  const fall = (away: Service, how: 'silent' | 'gone') => () =>
    how === 'silent' ? proxies[away].freeze() : proxies[away].refuse();
  /** The update that records which topics are made next; the insert of the row names the column otherwise. */
  const noting = '`f_made_topics` = ';
  const cases: Case[] = [
    { away: 'kafka', how: 'silent', when: 'from the beginning', code: 'Kafka' },
    { away: 'kafka', how: 'gone', when: 'once a topic is noted', code: 'Kafka' },
    { away: 'kafka', how: 'silent', when: 'when workers are told', code: 'Kafka' },
    { away: 'search', how: 'silent', when: 'from the beginning', code: 'IndexBase' },
    { away: 'search', how: 'gone', when: 'when the index is made', code: 'IndexBase' },
    { away: 'permission', how: 'silent', when: 'when the policy is registered', code: 'Permission' },
    { away: 'database', how: 'gone', when: 'once a topic is noted', code: 'Database' },
    { away: 'database', how: 'gone', when: 'once the policy is registered', code: 'Database' },
    { away: 'database', how: 'silent', when: 'when workers are told', code: 'Database' },
  ];

  const arm = ({ away, how, when }: Case, id: string) => {
    const act = fall(away, how);
    switch (when) {
      case 'once a topic is noted':
        return proxies.database.onceSent(noting, act);
      case 'when workers are told':
        return proxies.kafka.onceSent(`"pipelineId":"${id}"`, act);
      case 'once the policy is registered':
        return service.whenRegistered(act);
      case 'when the policy is registered':
        return proxies.permission.onceSent('/policy ', act);
      case 'when the index is made':
        return proxies.search.onceSent('_index_template', act);
      default:
        return act();
    }
  };

  it.each(cases)('answers 503 and leaves nothing, when $away is $how $when', async (one) => {
    const id = `x-${cases.indexOf(one)}`;
    const request = {
      id,
      name: id,
      index_base: `${tenant}-${id}`,
      ...(cases.indexOf(one) % 2 && { input_topic: own }),
    };
    const before = await state();
    arm(one, id);

    const answer = await as(mgmt.public().post(PIPELINES)).send(request);

    expect([answer.status, answer.body.error_code]).toEqual([503, `StreamDataPipeline.ServiceUnavailable.${one.code}`]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    service.whenRegistered(() => undefined);
    proxies[one.away].thaw();
    await until('nothing is left', async () => {
      // As if the time had passed after which a silent create counts as dead.
      await mgmt.sql('UPDATE t_stream_data_pipeline SET f_step_time = f_step_time - 60000');
      await mgmt.get(Reconciler).run();
      return (await mgmt.sql('SELECT 1 FROM t_stream_data_pipeline')).length === 0;
    });
    expect(await state()).toEqual(before);
    await until('it is made', async () => (await as(mgmt.public().post(PIPELINES)).send(request)).status === 201);
    await as(mgmt.public().delete(`${PIPELINES}/${id}?force=true&delete_output=true`)).expect(204);
    expect(await state()).toEqual(before);
  });
});
