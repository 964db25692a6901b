import type { Response } from 'supertest';
import { ReportPublisher } from '../../src/control/report-publisher.js';
import type { TaskReport } from '../../src/control/task-report.js';
import { PipelineWatch } from '../../src/mgmt/pipelines/pipeline-watch.js';
import { HealthRegistry } from '../../src/platform/health/health-registry.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { databaseUrl } from '../support/environment.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { taskReport } from './control-fixture.js';
import { recordingLogger, until } from './kafka-fixture.js';
import { isolated, MgmtFixture, PIPELINES } from './mgmt-fixture.js';

/** Less than the longest wait, which would end with the change as well. */
const BEFORE_THE_END_MS = 20_000;
const CALLER_PATIENCE_MS = 5000;
const WAITERS = 200;

describe('a caller who waits for a pipeline to change', () => {
  let environment: Record<string, string>;
  let proxy: FreezableProxy;
  let one: MgmtFixture;
  let two: MgmtFixture;
  let toTheEnd: Promise<Response[]>;

  beforeAll(async () => {
    environment = isolated();
    const { hostname, port } = databaseUrl();
    proxy = await FreezableProxy.to(hostname, Number(port));
    const viaProxy = { SDP_DATABASE_HOST: '127.0.0.1', SDP_DATABASE_PORT: String(proxy.port) };
    one = await MgmtFixture.start({ ...environment, ...viaProxy });
    two = await MgmtFixture.start(environment);
    await create('idle');
    // Begun here and looked at last, so that the file takes as long as the longest wait once.
    toTheEnd = Promise.all([listen(one, 'idle'), listen(one, 'idle', await etagOf('idle'))]);
    await until('both wait', () => waiting(one) === 2);
  });
  afterAll(async () => {
    await two.stop({ isShared: true });
    await one.stop();
    await proxy.close();
  });

  const waiting = (replica: MgmtFixture) => replica.get(PipelineWatch).waiterCount;
  const listen = (replica: MgmtFixture, id: string, ifNoneMatch?: string) => {
    const asked = replica.public().get(`${PIPELINES}/${id}?is_listen=true`);
    return (ifNoneMatch === undefined ? asked : asked.set('If-None-Match', ifNoneMatch)).then((answer) => answer);
  };
  /** Resolves when the replica has one more who waits; its answer comes later. */
  const listening = async (replica: MgmtFixture, id: string, ifNoneMatch?: string) => {
    const before = waiting(replica);
    const answer = listen(replica, id, ifNoneMatch);
    await until('it waits', () => waiting(replica) === before + 1);
    return { answer };
  };
  const create = async (id: string) => {
    const index_base = `${one.config.kafka.names.tenant}-b`;
    await two.public().post(PIPELINES).send({ id, name: id, index_base }).expect(201);
  };
  const etagOf = async (id: string) => {
    const { headers } = await two.public().get(`${PIPELINES}/${id}`).expect(200);
    return headers.etag as string;
  };
  const comment = async (id: string, text: string, by = two) => {
    const index_base = `${one.config.kafka.names.tenant}-b`;
    await by.public().put(`${PIPELINES}/${id}`).send({ name: id, index_base, comment: text }).expect(204);
  };
  const remove = (id: string) => two.public().delete(`${PIPELINES}/${id}?force=true`).expect(204);
  const report = (changes: Partial<TaskReport>) => {
    const topic = `${one.config.kafka.names.tenant}.sdp.status`;
    const kafka = { publisher: two.get(KeyedPublisher), admin: two.get(TopicAdmin) };
    return new ReportPublisher({ ...kafka, topic, replicationFactor: -1 }, recordingLogger().logger).send([
      taskReport(changes),
    ]);
  };

  it.each([
    ['the same replica', () => one],
    ['another one', () => two],
  ])(
    'is answered when it is changed through %s',
    async (where, replica) => {
      const id = where.replaceAll(' ', '-');
      await create(id);
      const { answer } = await listening(one, id);
      await comment(id, 'changed', replica());
      const { status, body, headers } = await answer;
      expect([status, body.comment]).toEqual([200, 'changed']);
      expect(headers.etag).toBe(await etagOf(id));
    },
    BEFORE_THE_END_MS,
  );

  it(
    'is answered when a task reports a fault, and when it reports that it has passed',
    async () => {
      await create('reporting');
      const first = await listening(one, 'reporting');
      await report({ pipelineId: 'reporting', sequence: 1, state: 'error', causeCode: 'FORBIDDEN', cause: 'no' });
      const failed = await first.answer;
      expect(failed.body).toMatchObject({ status: 'error', status_details: 'FORBIDDEN: no' });
      const second = await listening(one, 'reporting', failed.headers.etag);
      await report({ pipelineId: 'reporting', sequence: 2 });
      expect((await second.answer).body).toMatchObject({ status: 'running', status_details: '' });
    },
    BEFORE_THE_END_MS,
  );

  it(
    'is answered at once when it is not as the caller knows it',
    async () => {
      await create('known');
      const before = await etagOf('known');
      await comment('known', 'changed');
      for (const ifNoneMatch of [before, `W/${before}`, `"1-other", ${before}`, 'no ETag']) {
        const { status, body } = await listen(one, 'known', ifNoneMatch);
        expect([status, body.comment]).toEqual([200, 'changed']);
      }
    },
    BEFORE_THE_END_MS,
  );

  it.each<[what: string, ifNoneMatch: (etag: string) => string]>([
    ['its ETag', (etag) => etag],
    ['its ETag as a proxy weakened it', (etag) => `W/${etag}`],
    ['a list that has its ETag', (etag) => `"1-other",${etag}`],
  ])(
    'waits with %s',
    async (_what, ifNoneMatch) => {
      await create('patient');
      const { answer } = await listening(one, 'patient', ifNoneMatch(await etagOf('patient')));
      await comment('patient', 'changed');
      expect((await answer).body).toMatchObject({ comment: 'changed' });
      await remove('patient');
    },
    BEFORE_THE_END_MS,
  );

  it(
    'learns that it is being deleted, and that it is gone',
    async () => {
      await create('leaving');
      const { answer } = await listening(one, 'leaving');
      await remove('leaving');
      let last = await answer;
      while (last.status === 200) {
        expect(last.body).toMatchObject({ status: 'deleting' });
        last = await listen(one, 'leaving', last.headers.etag);
      }
      expect([last.status, last.body.error_code]).toEqual([404, 'StreamDataPipeline.NotFound.Pipeline']);
    },
    BEFORE_THE_END_MS,
  );

  it(
    'does not take another pipeline of the same id for the one it knows',
    async () => {
      await create('again');
      const etag = await etagOf('again');
      await remove('again');
      await create('again');
      expect((await listen(one, 'again', etag)).status).toBe(200);
    },
    BEFORE_THE_END_MS,
  );

  it(
    'is let go when the process begins to stop, and misses nothing at the next replica',
    async () => {
      await create('moving');
      const three = await MgmtFixture.start(environment);
      const etag = await etagOf('moving');
      const without = await listening(three, 'moving');
      const withEtag = await listening(three, 'moving', etag);

      three.get(HealthRegistry).drain();

      expect((await without.answer).status).toBe(200);
      const unchanged = await withEtag.answer;
      expect([unchanged.status, unchanged.headers.etag]).toEqual([304, etag]);
      expect((await listen(three, 'moving', etag)).status).toBe(304);
      await three.stop({ isShared: true });
      await comment('moving', 'while nobody listened');
      expect((await listen(two, 'moving', etag)).body).toMatchObject({ comment: 'while nobody listened' });
    },
    BEFORE_THE_END_MS,
  );

  it(
    'is forgotten when it gives up',
    async () => {
      await create('left');
      const before = waiting(one);
      const asked = one
        .public()
        .get(`${PIPELINES}/left?is_listen=true`)
        .timeout(CALLER_PATIENCE_MS)
        .then(() => 'answered')
        .catch(() => 'gave up');
      await until('it waits', () => waiting(one) === before + 1);
      expect(await asked).toBe('gave up');
      await until('nobody waits', () => waiting(one) === before);
    },
    BEFORE_THE_END_MS,
  );

  it(
    'costs the database no more than one query a second, however many wait',
    async () => {
      await create('crowd');
      const before = waiting(one);
      const answers = Promise.all(Array.from({ length: WAITERS }, () => listen(one, 'crowd')));
      // Those who wait to the end of the time may be answered meanwhile.
      await until('all wait', () => waiting(one) >= WAITERS);
      let statements = 0;
      const countsFrom = performance.now();
      const count = (bytes: Buffer) => {
        statements += bytes.includes("'crowd'") ? 1 : 0;
      };
      proxy.onRequest(count);
      await until('it has been looked at some times', () => statements >= 3);
      const looks = statements;
      const seconds = (performance.now() - countsFrom) / 1000;
      await comment('crowd', 'changed');

      expect((await answers).map(({ body }) => (body as { comment: string }).comment)).toEqual(
        Array.from({ length: WAITERS }, () => 'changed'),
      );
      expect(looks).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
      expect(waiting(one)).toBeLessThanOrEqual(before);
    },
    BEFORE_THE_END_MS,
  );

  it('is answered after 30 s when nothing changes: as before, or not modified', async () => {
    const [without, withEtag] = await toTheEnd;
    expect([without?.status, withEtag?.status]).toEqual([200, 304]);
    expect(without?.headers.etag).toBe(withEtag?.headers.etag);
    expect(withEtag?.text).toBe('');
  }, 40_000);
});
