import { isolated, makeTopic, MgmtFixture, PIPELINES, writeRecords } from './mgmt-fixture.js';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import { TokenIssuer } from './token-issuer.js';

const hashed = (secret: string) => [{ type: 'hash', fields: ['user'], secret }];
const records = [{ value: '{"user":"ann"}' }];

describe('who may try out records', () => {
  let issuer: TokenIssuer;
  let mgmt: MgmtFixture;
  let topic: string;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    mgmt = await MgmtFixture.start({
      ...{ ...isolated(), ...issuer.settings },
      ...{ SDP_PERMISSION_MODE: 'local', SDP_PERMISSION_ADMINISTRATORS: 'user:root' },
      SDP_HANDLERS_SECRETS: 'own=one-secret,other=another-secret',
    });
    topic = `${mgmt.config.kafka.names.tenant}.others`;
    await makeTopic(topic);
    await writeRecords(topic, ['{"salary":1}']);
    for (const account of ['root', 'alice', 'viewer', 'reader', 'changer', 'maker']) {
      tokens.set(account, await issuer.token(account, {}));
    }
    await grant('alice', '*', ['create']);
    const body = { id: 'hers', name: 'Hers', use_index_base_in_data: true, handlers: hashed('own') };
    await as('alice', 'post', PIPELINES).send(body).expect(201);
    await grant('viewer', 'hers', ['view_detail']);
    await grant('reader', 'hers', ['view_data']);
    await grant('changer', 'hers', ['view_data', 'modify']);
    await grant('maker', '*', ['view_data', 'create']);
  });
  afterAll(async () => {
    await mgmt.stop();
    await issuer.stop();
  });

  const as = (account: string, method: 'post' | 'put', path: string) =>
    mgmt
      .public()
      [method](path)
      .set('Authorization', `Bearer ${tokens.get(account)}`);
  const grant = (id: string, resource: string, operations: string[]) =>
    as('root', 'post', `${PUBLIC_BASE}/policies`)
      .send({ accessor: { type: 'user', id }, resource, operations })
      .expect(201);

  const ofHers = { id: 'hers', records };
  const changed = { ...ofHers, pipeline: { handlers: [{ type: 'uppercase', fields: ['user'] }] } };
  const otherSecret = { ...ofHers, pipeline: { handlers: hashed('other') } };
  const described = { pipeline: { use_index_base_in_data: true }, records };
  const secretly = { pipeline: { use_index_base_in_data: true, handlers: hashed('own') }, records };
  const peeking = () => ({ pipeline: { use_index_base_in_data: true, input_topic: topic }, peek: {} });

  it.each<[account: string, what: string, body: () => object, reason: string | undefined]>([
    ['viewer', 'a pipeline', () => ofHers, 'the account may not view_data to hers'],
    ['reader', 'a pipeline', () => ofHers, undefined],
    ['reader', 'a pipeline as it might be', () => changed, undefined],
    ['reader', 'its newest records', () => ({ id: 'hers', peek: {} }), undefined],
    [
      ...(['reader', 'handlers with another secret', () => otherSecret] as const),
      'trying out handlers with other secrets: the account may not modify to hers',
    ],
    ['changer', 'handlers with another secret', () => otherSecret, undefined],
    ['reader', 'a pipeline that is not there', () => described, 'the account may not view_data here'],
    ['reader', 'another one', () => ({ id: 'nobody', records }), 'the account may not view_data to nobody'],
    ['reader', 'an id that is none', () => ({ id: ['hers'], records }), 'the account may not view_data here'],
    ['changer', 'the newest records of any topic', peeking, 'the account may not view_data here'],
    ['maker', 'a pipeline that is not there', () => described, undefined],
    ['maker', 'a secret', () => secretly, undefined],
    ['maker', 'the newest records of any topic', peeking, undefined],
    [
      'maker',
      'a secret of a pipeline',
      () => otherSecret,
      'trying out handlers with other secrets: the account may not modify to hers',
    ],
    ['root', 'anything', peeking, undefined],
  ])('%s with %s', async (account, _what, body, reason) => {
    const { status, body: answer } = await as(account, 'post', `${PIPELINES}/preview`).send(body());
    expect([status, answer.error_details?.reason]).toEqual([reason === undefined ? 200 : 403, reason]);
  });

  it('view_data on all pipelines is not enough for any topic and any secret', async () => {
    await grant('viewer', '*', ['view_data']);
    const post = (body: object) => as('viewer', 'post', `${PIPELINES}/preview`).send(body);
    await post(described).expect(200);
    expect((await post(peeking()).expect(403)).body.error_details.reason).toBe(
      'looking at a topic without a pipeline: the account may not create here',
    );
    await post(secretly).expect(403);
  });

  it('tests are skipped by who may authorize', async () => {
    const tests = [{ name: 'fails', record: { value: '{}' }, expect: { dropped: true } }];
    const create = (account: string, query: string) =>
      as(account, 'post', PIPELINES + query).send({ name: 'Tested', use_index_base_in_data: true, tests });
    const change = (account: string, query: string) =>
      as(account, 'put', `${PIPELINES}/hers${query}`).send({ name: 'Hers', use_index_base_in_data: true, tests });
    expect((await create('maker', '?skip_tests=true').expect(403)).body.error_details.reason).toBe(
      'the account may not authorize here',
    );
    await create('maker', '?skip_tests=false').expect(400);
    await change('changer', '?skip_tests=true').expect(403);
    await change('changer', '').expect(400);
    await change('alice', '?skip_tests=true').expect(204);
    await create('root', '?skip_tests=true').expect(201);
  });
});
