import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { databaseFault, databaseUnavailable, isDeadlock } from './database-fault.js';

/** Whole units of work, waiting for a connection included, are given up after this time. */
const WORK_DEADLINE_MS = 9000;
/** Below the statement time-out, so that a busy lock and a dead database are told apart. */
const LOCK_WAIT_SEC = 3;
const DEADLOCK_ATTEMPTS = 3;

/**
 * The way to MariaDB. Until {@link connect} has succeeded, and whenever the server is away, every call rejects with
 * DATABASE_UNAVAILABLE within 10 s. Inside a transaction or a lock all work of the same async flow uses its one
 * connection, so that holders never wait for the pool; such work must therefore be awaited step by step.
 */
export class Database {
  private readonly ambient = new AsyncLocalStorage<EntityManager>();

  constructor(private readonly dataSource: DataSource) {}

  get isConnected(): boolean {
    return this.dataSource.isInitialized;
  }

  /** Opens the pool; may be called again after a failure. */
  async connect(): Promise<void> {
    if (this.dataSource.isInitialized) {
      return;
    }
    try {
      await this.dataSource.initialize();
    } catch (error) {
      // The pool may be open already when a later step failed.
      await this.dataSource.driver.disconnect().catch(() => undefined);
      throw databaseFault(error);
    }
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) {
      await this.dataSource.destroy();
    }
  }

  /** One or several statements without a transaction of their own. */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const ambient = this.ambient.getStore();
    return this.guarded(() => work(ambient ?? this.dataSource.manager));
  }

  /**
   * Commits when `work` resolves, else rolls back. A deadlock runs `work` again, so it must be repeatable. Within
   * another transaction it becomes a part of that one.
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const ambient = this.ambient.getStore();
    if (ambient && isInTransaction(ambient)) {
      return this.guarded(() => work(ambient));
    }
    return this.guarded(() => this.repeatedOnDeadlock(ambient ?? this.dataSource.manager, work));
  }

  /** Runs `work` while no other process holds `name` (of this database); rejects when it stays taken for 3 s. */
  async withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = await this.locked(name, LOCK_WAIT_SEC, work);
    if (!done.isHeld) {
      throw databaseUnavailable(`the lock ${name} is held by another request`);
    }
    return done.result;
  }

  /** Runs `work` if nobody holds `name`, and says whether it did. */
  async tryLock(name: string, work: () => Promise<void>): Promise<boolean> {
    return (await this.locked(name, 0, work)).isHeld;
  }

  private async repeatedOnDeadlock<T>(outer: EntityManager, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await outer.transaction((manager) => this.ambient.run(manager, () => work(manager)));
      } catch (error) {
        if (!isDeadlock(error) || attempt === DEADLOCK_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private async locked<T>(
    name: string,
    waitSec: number,
    work: () => Promise<T>,
  ): Promise<{ isHeld: true; result: T } | { isHeld: false }> {
    const key = lockKey(String(this.dataSource.options.database), name);
    const runner = await this.guarded(() => this.connectedRunner());
    try {
      const answer = (await guardedQuery(runner, 'SELECT GET_LOCK(?, ?) AS held', [key, waitSec])) as {
        held: unknown;
      }[];
      if (Number(answer[0]?.held) !== 1) {
        return { isHeld: false };
      }
      try {
        return { isHeld: true, result: await this.ambient.run(runner.manager, work) };
      } finally {
        await unlock(runner, key);
      }
    } finally {
      await runner.release();
    }
  }

  private async connectedRunner(): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    return runner;
  }

  /** Nested work is covered by the deadline of the outermost; within a transaction a deadlock reaches its owner as it is. */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (!this.dataSource.isInitialized) {
      throw databaseUnavailable('not connected yet');
    }
    const ambient = this.ambient.getStore();
    try {
      return await (ambient ? work() : withinDeadline(work()));
    } catch (error) {
      throw ambient && isInTransaction(ambient) && isDeadlock(error) ? error : databaseFault(error);
    }
  }
}

function isInTransaction(manager: EntityManager): boolean {
  return manager.queryRunner?.isTransactionActive === true;
}

async function withinDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(databaseUnavailable('no answer in time')), WORK_DEADLINE_MS);
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

async function guardedQuery(runner: QueryRunner, sql: string, values: unknown[]): Promise<unknown> {
  try {
    return await runner.query(sql, values);
  } catch (error) {
    throw databaseFault(error);
  }
}

/** A connection that may still hold the lock must not go back to the pool: closing it frees the lock. */
async function unlock(runner: QueryRunner, key: string): Promise<void> {
  try {
    await runner.query('SELECT RELEASE_LOCK(?)', [key]);
  } catch {
    const connection = (await runner.connect()) as { destroy(): void };
    connection.destroy();
  }
}

/** Locks are server-wide and their names limited to 64 characters. */
function lockKey(database: string, name: string): string {
  return `sdp.${createHash('sha256').update(`${database}\0${name}`).digest('hex').slice(0, 40)}`;
}
