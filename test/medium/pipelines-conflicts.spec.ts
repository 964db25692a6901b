import type { Response } from 'supertest';
import { Database } from '../../src/platform/database/database.js';
import { PUBLIC_BASE } from '../../src/platform/http/api-bases.js';
import { PipelinePublication } from '../../src/mgmt/pipelines/pipeline-publication.js';
import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { KafkaClient } from '../support/kafka-client.js';
import { until } from './kafka-fixture.js';
import { isolated, lastValues, MgmtFixture, PIPELINES, topicConfig, topicsOf } from './mgmt-fixture.js';

const PREFIX = 'StreamDataPipeline.';

describe('changes that meet on two replicas', () => {
  let one: MgmtFixture;
  let two: MgmtFixture;
  let tenant: string;
  let base: string;

  beforeAll(async () => {
    const environment = isolated();
    one = await MgmtFixture.start(environment);
    two = await MgmtFixture.start(environment);
    tenant = one.config.kafka.names.tenant;
    base = `${tenant}-logs`;
  });
  afterAll(async () => {
    await two.stop({ isShared: true });
    await one.stop();
  });

  const create = async (id: string, body: object = {}) => {
    await one
      .public()
      .post(PIPELINES)
      .send({ id, name: id, index_base: base, ...body })
      .expect(201);
  };
  const etagOf = async (id: string) => {
    const { headers } = await two.public().get(`${PIPELINES}/${id}`).expect(200);
    return headers.etag as string;
  };
  const put = (id: string, body: object, on = one) =>
    on
      .public()
      .put(`${PIPELINES}/${id}`)
      .send({ name: id, index_base: base, ...body });
  const setStatus = (id: string, status: string, on = one) =>
    on.public().put(`${PIPELINES}/${id}/attrs/status`).send({ status });
  const desiredOf = async (key: string) => (await lastValues(`${tenant}.sdp.control`)).get(key) as { revision: number };
  const outcome = ({ status, body }: Response) => [
    status,
    (body as { error_code?: string }).error_code?.replace(PREFIX, ''),
  ];

  it('are refused while the pipeline is being deleted', async () => {
    await create('going');
    const etag = await etagOf('going');
    const leave = await new KafkaClient().join(`${tenant}.sdp.going`, `${tenant}.sdp.going.input`);
    const deletion = one
      .public()
      .delete(`${PIPELINES}/going?force=true`)
      .then(({ status }) => status);
    const watched = await two.public().get(`${PIPELINES}/going?is_listen=true`).set('If-None-Match', etag);
    expect(watched.body).toMatchObject({ status: 'deleting' });

    const right = { accessor: { type: 'user', id: 'late' }, resource: 'going', operations: ['modify'] };
    const changes = await Promise.all([
      put('going', { comment: 'too late' }, two),
      setStatus('going', 'running', two),
      setStatus('going', 'close', two),
      two.public().post(`${PIPELINES}/going/restart`),
      two.public().post(`${PUBLIC_BASE}/policies`).send(right),
    ]);

    expect(changes.map(outcome)).toEqual(changes.map(() => [409, 'Conflict.PipelineDeleting']));
    await leave();
    expect([202, 204]).toContain(await deletion);
    await until('it is gone', async () => {
      await two.get(Reconciler).run();
      return (await two.public().get(`${PIPELINES}/going`)).status === 404;
    });
  });

  it('end with the deletion, whatever was under way', async () => {
    const ids = ['d0', 'd1', 'd2', 'd3'];
    await Promise.all(ids.map((id) => create(id)));
    const rounds = ids.map(async (id, n) => {
      const settings = { input_partitions: n + 2, error_retention_hours: n + 1 };
      const [updated, restarted, deleted, stopped] = await Promise.all([
        put(id, { settings, deployment_config: { parallelism: 3 } }, two),
        two.public().post(`${PIPELINES}/${id}/restart`),
        one.public().delete(`${PIPELINES}/${id}?force=true`),
        setStatus(id, 'close', two),
      ]);
      expect(deleted.status).toBe(204);
      expect([204, 404, 409]).toContain(updated.status);
      expect([202, 404, 409]).toContain(restarted.status);
      expect([204, 404, 409]).toContain(stopped.status);
    });
    await Promise.all(rounds);

    for (const id of ids) {
      await two.public().get(`${PIPELINES}/${id}`).expect(404);
    }
    expect(await topicsOf(`${tenant}.sdp.d`)).toEqual([]);
    expect(await one.sql('SELECT * FROM t_stream_data_pipeline_task WHERE f_pipeline_id IN (?)', [ids])).toEqual([]);
    const desired = [...(await lastValues(`${tenant}.sdp.control`))].filter(([key]) => /^d\d#/.test(key));
    expect(desired.length).toBeGreaterThanOrEqual(ids.length);
    expect(desired.filter(([, value]) => value !== null)).toEqual([]);
  });

  it('leave no right to the next pipeline of the id', async () => {
    const policies = `${PUBLIC_BASE}/policies`;
    const right = { accessor: { type: 'user', id: 'heir' }, resource: 'inherited', operations: ['modify'] };
    await create('inherited');
    await one.public().post(policies).send(right).expect(201);
    await two.public().delete(`${PIPELINES}/inherited?force=true`).expect(204);
    await create('inherited');
    expect((await one.public().get(`${policies}?resource=inherited`)).body).toEqual({ entries: [], total_count: 0 });
  });

  it('are told to the workers in the order of their revisions', async () => {
    await create('ordered');
    await one.sql("UPDATE t_stream_data_pipeline SET f_revision = 900000 WHERE f_pipeline_id = 'ordered'");
    const held = Promise.withResolvers<void>();
    const later = Promise.withResolvers<void>();
    const newer = one.get(Database).transaction(async (manager) => {
      await manager.query("UPDATE t_stream_data_pipeline SET f_revision = 900001 WHERE f_pipeline_id = 'ordered'");
      held.resolve();
      await later.promise;
    });
    await held.promise;
    const told = two.get(PipelinePublication).publish('ordered');
    await until('it waits for the change', async () => {
      const waiting = await one.sql(
        `SELECT 1 FROM information_schema.processlist
         WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%ordered%'`,
      );
      return waiting.length > 0;
    });
    expect((await desiredOf('ordered#0')).revision).toBeLessThan(900_000);
    later.resolve();
    await Promise.all([newer, told]);
    expect((await desiredOf('ordered#0')).revision).toBe(900_001);
  });

  it('leave the topics as the row says when updates come together', async () => {
    await create('together', { deployment_config: { parallelism: 2 } });
    const updates = [1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
      put(
        'together',
        { settings: { error_retention_hours: n }, deployment_config: { parallelism: n % 2 === 0 ? 1 : 4 } },
        n % 2 === 0 ? one : two,
      ).expect(204),
    );
    await Promise.all(updates);

    const { body } = await one.public().get(`${PIPELINES}/together`);
    const { 'retention.ms': retentionMs } = await topicConfig(`${tenant}.sdp.together.error`);
    expect(Number(retentionMs)).toBe(body.settings.error_retention_hours * 3_600_000);
    const wanted = Array.from({ length: body.deployment_config.parallelism as number }, (_, n) => `together#${n}`);
    const desired = [...(await lastValues(`${tenant}.sdp.control`))].filter(([key]) => key.startsWith('together#'));
    expect(desired.flatMap(([key, value]) => (value === null ? [] : [key])).toSorted()).toEqual(wanted);
    const { body: tasks } = await two.public().get(`${PIPELINES}/together/tasks`);
    expect((tasks.entries as { index: number }[]).map(({ index }) => `together#${index}`)).toEqual(wanted);
  });

  it('replace a pipeline once when they know the same version', async () => {
    await create('same');
    const etag = await etagOf('same');

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        put('same', { comment: `by ${n}`, settings: { error_retention_hours: n + 1 } }, n % 2 === 0 ? one : two).set(
          'If-Match',
          etag,
        ),
      ),
    );

    const outcomes = answers.map(outcome).toSorted(([a], [b]) => Number(a) - Number(b));
    expect(outcomes).toEqual([
      [204, undefined],
      ...Array.from({ length: 19 }, () => [412, 'PreconditionFailed.Version']),
    ]);
    const winner = answers.findIndex(({ status }) => status === 204);
    const { body } = await two.public().get(`${PIPELINES}/same`);
    expect(body).toMatchObject({ comment: `by ${winner}`, settings: { error_retention_hours: winner + 1 } });
    const { 'retention.ms': retentionMs } = await topicConfig(`${tenant}.sdp.same.error`);
    expect(Number(retentionMs)).toBe((winner + 1) * 3_600_000);
  });

  describe('by If-Match', () => {
    const requests = {
      update: (id: string) => put(id, { comment: 'changed' }, two),
      stop: (id: string) => setStatus(id, 'close', two),
      delete: (id: string) => two.public().delete(`${PIPELINES}/${id}?force=true`),
    };
    const kinds = Object.keys(requests) as (keyof typeof requests)[];

    it.each(kinds)('%s what was changed since: 412, and nothing happens', async (kind) => {
      const id = `stale-${kind}`;
      await create(id);
      const stale = await etagOf(id);
      await put(id, { comment: 'by somebody else' }).expect(204);
      const { body: before } = await one.public().get(`${PIPELINES}/${id}`);

      const refused = await requests[kind](id).set('If-Match', `"1-other", ${stale}`);

      expect(outcome(refused)).toEqual([412, 'PreconditionFailed.Version']);
      expect((await one.public().get(`${PIPELINES}/${id}`)).body).toEqual(before);
    });

    it.each<[what: string, ifMatch: (etag: string) => string]>([
      ['the ETag', (etag) => etag],
      ['a list that has it', (etag) => `"1-other" , ${etag},"a, b"`],
      ['it as a proxy weakened it', (etag) => `W/${etag}`],
      ['*', () => '*'],
    ])('is done with %s', async (_what, ifMatch) => {
      for (const kind of kinds) {
        const id = `match-${kind}`;
        await create(id);
        const answer = await requests[kind](id).set('If-Match', ifMatch(await etagOf(id)));
        expect(outcome(answer)).toEqual([204, undefined]);
        await one.public().delete(`${PIPELINES}/${id}?force=true`);
      }
    });

    it.each(['17-abc', '"17-abc', '"17-abc" "18-abc"', '"17-abc",', '*, "17-abc"', 'w/"17-abc"', ''])(
      'is refused when it is malformed: %j',
      async (ifMatch) => {
        for (const kind of kinds) {
          const refused = await requests[kind]('nobody').set('If-Match', ifMatch);
          expect(outcome(refused)).toEqual([400, 'InvalidParameter.IfMatch']);
          expect(refused.body.error_details.faults).toMatchObject([{ field: 'If-Match' }]);
        }
      },
    );

    it('does not take a pipeline for the deleted one of its id', async () => {
      await create('reborn');
      const stale = await etagOf('reborn');
      await one.public().delete(`${PIPELINES}/reborn?force=true`).expect(204);
      await create('reborn');
      for (const kind of kinds) {
        const refused = await requests[kind]('reborn').set('If-Match', stale);
        expect(outcome(refused)).toEqual([412, 'PreconditionFailed.Version']);
      }
    });

    it('lets a change pass when only the status is another one', async () => {
      await create('failing');
      const etag = await etagOf('failing');
      await one.sql("UPDATE t_stream_data_pipeline SET f_pipeline_status = 'error' WHERE f_pipeline_id = 'failing'");
      expect(await etagOf('failing')).not.toBe(etag);
      await put('failing', { comment: 'seen' }, two).set('If-Match', etag).expect(204);
    });
  });
});
