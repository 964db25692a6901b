import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { pino } from 'pino';
import { Database } from '../../src/platform/database/database.js';
import { databaseOptions } from '../../src/platform/database/database-options.js';
import { runMigrations } from '../../src/platform/database/migrate.js';
import { Reconciler } from '../../src/mgmt/reconcile/reconciler.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { until } from './kafka-fixture.js';
import { closedPort, isolated, lastValues, MgmtFixture, PIPELINES, testConfig, topicsOf } from './mgmt-fixture.js';
import { migrations } from '../../src/platform/database/migrations/index.js';

const silent = pino({ level: 'silent' });
const MAX_ANSWER_MS = 10_500;

describe('the database', () => {
  const config = testConfig({
    SDP_DATABASE_DATABASE: `sdp_m${randomUUID().slice(0, 8)}`,
    SDP_DATABASE_POOLSIZE: '2',
  }).database;
  let database: Database;
  let proxy: FreezableProxy;
  let viaProxy: Database;
  const connectTo = async (port: number) => {
    const made = new Database(new DataSource(databaseOptions({ ...config, port }, silent, {})));
    await made.connect();
    return made;
  };
  const sql = (on: Database, statement: string): Promise<Record<string, unknown>[]> =>
    on.run((manager) => manager.query<Record<string, unknown>[]>(statement));

  beforeAll(async () => {
    await runMigrations(config, silent);
    database = await connectTo(config.port);
    await sql(database, 'CREATE TABLE t (n int PRIMARY KEY) ENGINE = InnoDB');
  });
  beforeEach(async () => {
    proxy = await FreezableProxy.to(config.host, config.port);
    viaProxy = await connectTo(proxy.port);
  });
  afterEach(async () => {
    proxy.drop();
    await viaProxy.close();
    await proxy.close();
  });
  afterAll(async () => {
    await sql(database, `DROP DATABASE \`${config.database}\``);
    await database.close();
  });

  it('is unavailable before it is connected, and where nothing listens', async () => {
    const unavailable = { code: 'DATABASE_UNAVAILABLE', retryable: true };
    const dead = new Database(new DataSource(databaseOptions({ ...config, port: await closedPort() }, silent, {})));
    await expect(sql(dead, 'SELECT 1')).rejects.toMatchObject(unavailable);
    await expect(dead.connect()).rejects.toMatchObject(unavailable);
    await expect(dead.withLock('x', () => Promise.resolve())).rejects.toMatchObject(unavailable);
  });

  it('that falls silent is given up in time, whatever was asked of it', async () => {
    proxy.freeze();
    const unavailable: unknown = expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' });
    const startedAt = performance.now();
    const asked = [
      sql(viaProxy, 'SELECT 1'),
      viaProxy.transaction((manager) => manager.query<unknown>('INSERT INTO t VALUES (1)')),
      viaProxy.withLock('x', () => Promise.resolve()),
      sql(viaProxy, 'SELECT 1'),
    ];
    const answers = await Promise.allSettled(asked);
    expect(performance.now() - startedAt).toBeLessThan(MAX_ANSWER_MS);
    expect(answers.map((answer) => (answer as PromiseRejectedResult).reason as unknown)).toEqual(
      asked.map(() => unavailable),
    );
  });

  it('tells how busy its pool is', async () => {
    const unused = new Database(new DataSource(databaseOptions(config, silent, {})));
    expect([unused.poolSize, unused.poolUse]).toEqual([2, { busy: 0, idle: 0, waiting: 0 }]);
    const holder = await connectTo(config.port);
    await sql(holder, 'SELECT 1');
    expect(holder.poolUse).toEqual({ busy: 0, idle: 1, waiting: 0 });
    const gate = Promise.withResolvers<void>();
    const held = [0, 1, 2].map(() => holder.run(() => gate.promise));
    await until('two are busy and the third waits', () => holder.poolUse.waiting === 1);
    expect(holder.poolUse).toEqual({ busy: 2, idle: 0, waiting: 1 });
    gate.resolve();
    await Promise.all(held);
    expect(holder.poolUse).toEqual({ busy: 0, idle: 2, waiting: 0 });
    await holder.close();
    expect(holder.poolUse).toEqual({ busy: 0, idle: 0, waiting: 0 });
  });

  it('is used again after its connections were cut', async () => {
    await sql(viaProxy, 'SELECT 1');
    proxy.drop();
    await until('it answers again', () =>
      sql(viaProxy, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    );
  });

  it('keeps nothing of a transaction that fails', async () => {
    const work = database.transaction(async (manager) => {
      await manager.query('INSERT INTO t VALUES (2)');
      throw new Error('no');
    });
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await sql(database, 'SELECT n FROM t WHERE n = 2')).toEqual([]);
  });

  it('says which unique key refused', async () => {
    await sql(database, 'INSERT INTO t VALUES (3)');
    await expect(sql(database, 'INSERT INTO t VALUES (3)')).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      details: { key: 'PRIMARY' },
    });
  });

  it('gives no SQL away in its faults', async () => {
    const fault: Error = await sql(database, "SELECT 'secret' FROM nowhere").then(
      () => new Error('resolved'),
      (error: Error) => error,
    );
    expect(fault).toMatchObject({ code: 'DATABASE_ERROR' });
    expect(fault.message).not.toMatch(/secret|nowhere|SELECT/);
  });

  it('runs a transaction again that lost to another one', async () => {
    await sql(database, 'INSERT INTO t VALUES (10), (11)');
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const lockBoth = (first: number, second: number) =>
      database.transaction(async (manager) => {
        await manager.query('SELECT n FROM t WHERE n = ? FOR UPDATE', [first]);
        begun += 1;
        if (begun === 2) {
          both.resolve();
        }
        await both.promise;
        await manager.query('SELECT n FROM t WHERE n = ? FOR UPDATE', [second]);
      });
    await Promise.all([lockBoth(10, 11), lockBoth(11, 10)]);
    expect(begun).toBe(3);
  });

  it('lets one holder of a lock in at a time, and others wait or pass', async () => {
    const order: string[] = [];
    const inside = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const first = database.withLock('door', async () => {
      inside.resolve();
      await release.promise;
      order.push('first');
    });
    await inside.promise;
    expect(await viaProxy.tryLock('door', () => Promise.reject(new Error('was let in')))).toBe(false);
    const second = viaProxy.withLock('door', () => Promise.resolve(order.push('second')));
    release.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('holds a lock that was taken in a transaction until what was done under it can be seen', async () => {
    const done = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const isFree = () => viaProxy.tryLock('held', () => Promise.resolve());
    const change = database.transaction(async (manager) => {
      await database.withLock('held', () => manager.query<unknown>('INSERT INTO t VALUES (20)'));
      done.resolve();
      await commit.promise;
    });
    await done.promise;
    expect(await isFree()).toBe(false);
    commit.resolve();
    await change;
    expect(await isFree()).toBe(true);
    const failed = database.transaction(() => database.withLock('held', () => Promise.reject(new Error('no'))));
    await expect(failed).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await isFree()).toBe(true);
  });

  it('works inside a lock on the connection of the lock, so that holders cannot starve each other', async () => {
    const holders = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      database.withLock(name, () =>
        database.transaction(async () => (await sql(database, 'SELECT CONNECTION_ID() AS id'))[0]?.['id']),
      ),
    );
    expect(await Promise.all(holders)).toHaveLength(5);
  });
});

describe('migrations', () => {
  const { database: name, ...where } = testConfig(isolated()).database;
  const config = { ...where, database: name };
  let mgmt: MgmtFixture;

  it('run once when several replicas start together, and make the database', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => runMigrations(config, silent)));
    expect(ran.flat()).toEqual(migrations.map(({ name: migration }) => migration));
    expect(await runMigrations(config, silent)).toEqual([]);
    const source = new DataSource(databaseOptions(config, silent, {}));
    await source.initialize();
    await source.query(`DROP DATABASE \`${name}\``);
    await source.destroy();
  });

  it('take over the table of an older service with its rows', async () => {
    const environment = isolated();
    const old = testConfig(environment).database;
    await runMigrations(old, silent);
    const source = new DataSource(databaseOptions(old, silent, {}));
    await source.initialize();
    await source.query(
      'DROP TABLE t_stream_data_pipeline, t_stream_data_pipeline_task, t_stream_data_pipeline_migration',
    );
    await source.query(`CREATE TABLE t_stream_data_pipeline (
      f_pipeline_id varchar(40) NOT NULL DEFAULT '', f_pipeline_name varchar(40) NOT NULL DEFAULT '',
      f_tags varchar(255) NOT NULL, f_comment varchar(255), f_builtin boolean DEFAULT 0,
      f_output_type varchar(20) NOT NULL, f_index_base varchar(255) NOT NULL, f_use_index_base_in_data boolean DEFAULT 0,
      f_pipeline_status varchar(10) NOT NULL, f_pipeline_status_details text NOT NULL, f_deployment_config text NOT NULL,
      f_create_time bigint(20) NOT NULL DEFAULT 0, f_update_time bigint(20) NOT NULL DEFAULT 0,
      f_creator varchar(40) NOT NULL DEFAULT '', f_creator_type varchar(20) NOT NULL DEFAULT '',
      f_updater varchar(40) NOT NULL DEFAULT '', f_updater_type varchar(20) NOT NULL DEFAULT '',
      PRIMARY KEY (f_pipeline_id), UNIQUE KEY uk_f_pipeline_name (f_pipeline_name)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`);
    for (const status of ['running', 'error', 'close']) {
      await source.query(
        `INSERT INTO t_stream_data_pipeline VALUES (?, ?, '"a","b"', NULL, 0, 'index_base', ?, 0, ?, '', '{"cpu_limit":2,"memory_limit":512}', 5, 6, 'u', 'user', 'u', 'user')`,
        [`old-${status}`, `Old ${status}`, `${environment['SDP_KAFKA_NAMES_TENANT']}-old`, status],
      );
    }
    await source.destroy();

    mgmt = await MgmtFixture.start(environment);
    const { tenant } = mgmt.config.kafka.names;
    await until('the rows are taken over', async () => {
      await mgmt.get(Reconciler).run();
      return (await mgmt.sql('SELECT 1 FROM t_stream_data_pipeline WHERE f_published_revision = 0')).length === 0;
    });
    const { body } = await mgmt.public().get(`${PIPELINES}/old-error`).expect(200);
    expect(body).toMatchObject({
      name: 'Old error',
      tags: ['a', 'b'],
      comment: '',
      deployment_config: { cpu_limit: 2, memory_limit: 512, parallelism: 1, isolation: 'shared' },
      create_time: 5,
      update_time: 6,
      creator: { id: 'u', type: 'user', name: 'u' },
      input_topic: `${tenant}.sdp.old-error.input`,
    });
    const desired = await lastValues(`${tenant}.sdp.control`);
    expect(desired.get('old-error#0')).toMatchObject({ desired: 'running' });
    expect(desired.get('old-running#0')).toMatchObject({ desired: 'running' });
    expect(desired.get('old-close#0')).toMatchObject({ desired: 'close' });
    expect(await topicsOf(`${tenant}.sdp.old-close.`)).toHaveLength(2);
    await mgmt.stop();
  });
});
