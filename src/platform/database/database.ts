import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { acquireRunner, isStateUnknown, releaseRunner } from './connection-lease.js';
import { type PoolUse, poolUse } from './pool-use.js';
import { databaseFault, databaseUnavailable, isDeadlock } from './database-fault.js';
import { openPool } from './open-pool.js';

/** Below the statement time-out, so that a busy lock and a dead database are told apart. */
const LOCK_WAIT_SEC = 3;
const DEADLOCK_ATTEMPTS = 3;

/**
 * The way to MariaDB. Until {@link connect} has succeeded, and whenever the server is away, calls reject with
 * DATABASE_UNAVAILABLE: a connection is waited for 5 s, a statement 4 s. Inside a transaction or a lock all work of the
 * same async flow uses its one connection, so that holders never wait for the pool; such work must therefore be awaited
 * step by step.
 */
export class Database {
  private readonly ambient = new AsyncLocalStorage<QueryRunner>();
  /** Locks that were taken within the transaction of a connection. */
  private readonly heldToTheEnd = new WeakMap<QueryRunner, string[]>();

  constructor(private readonly dataSource: DataSource) {}

  get isConnected(): boolean {
    return this.dataSource.isInitialized;
  }

  /** Connections that may be open at once. */
  get poolSize(): number {
    return (this.dataSource.options as { poolSize?: number }).poolSize ?? 0;
  }

  /** How busy the pool is now; all zero while it is closed. */
  get poolUse(): PoolUse {
    return poolUse(this.dataSource);
  }

  /** Opens the pool; may be called again after a failure. */
  async connect(): Promise<void> {
    if (this.dataSource.isInitialized) {
      return;
    }
    try {
      await openPool(this.dataSource);
    } catch (error) {
      // The pool may be open already when a later step failed.
      await this.dataSource.driver.disconnect().catch(() => undefined);
      throw databaseFault(error);
    }
  }

  /** A server that is gone has closed its side already. */
  async close(): Promise<void> {
    if (this.dataSource.isInitialized) {
      await this.dataSource.destroy().catch(() => undefined);
    }
  }

  /** One or several statements without a transaction of their own. */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.onConnection((runner) => work(runner.manager));
  }

  /**
   * Commits when `work` resolves, else rolls back. A deadlock runs `work` again, so it must be repeatable. Within
   * another transaction it becomes a part of that one.
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.onConnection((runner) =>
      runner.isTransactionActive
        ? work(runner.manager)
        : this.repeatedOnDeadlock(runner, () => this.ambient.run(runner, () => work(runner.manager))),
    );
  }

  /**
   * Runs `work` while no other process holds `name` (of this database); rejects when it stays taken for 3 s. Within a
   * transaction the lock is held until that has ended: before, others would not see what was done under it.
   */
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

  private async locked<T>(
    name: string,
    waitSec: number,
    work: () => Promise<T>,
  ): Promise<{ isHeld: true; result: T } | { isHeld: false }> {
    const key = lockKey(String(this.dataSource.options.database), name);
    return this.onConnection(async (runner) => {
      const answer = (await runner.query('SELECT GET_LOCK(?, ?) AS held', [key, waitSec])) as { held: unknown }[];
      if (Number(answer[0]?.held) !== 1) {
        return { isHeld: false };
      }
      if (runner.isTransactionActive) {
        this.heldToTheEnd.set(runner, [...(this.heldToTheEnd.get(runner) ?? []), key]);
        return { isHeld: true, result: await work() };
      }
      let fault: unknown;
      try {
        return { isHeld: true, result: await this.ambient.run(runner, work) };
      } catch (error) {
        fault = error;
        throw error;
      } finally {
        // A transaction left open, or a late answer, is one whose connection is closed next, and the lock goes with it.
        if (!runner.isTransactionActive && !isStateUnknown(fault)) {
          await runner.query('SELECT RELEASE_LOCK(?)', [key]);
        }
      }
    });
  }

  private async repeatedOnDeadlock<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await runner.startTransaction();
      try {
        const result = await work();
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // A silent server would keep the roll-back waiting too: the connection is closed instead.
        if (!isStateUnknown(error)) {
          await runner.rollbackTransaction().catch(() => undefined);
        }
        if (!isDeadlock(error) || attempt === DEADLOCK_ATTEMPTS) {
          throw error;
        }
      } finally {
        await this.releaseHeld(runner);
      }
    }
  }

  private async releaseHeld(runner: QueryRunner): Promise<void> {
    const keys = this.heldToTheEnd.get(runner) ?? [];
    this.heldToTheEnd.delete(runner);
    // As above: with a transaction that is still open the connection goes, and its locks with it.
    for (const key of runner.isTransactionActive ? [] : keys) {
      await runner.query('SELECT RELEASE_LOCK(?)', [key]);
    }
  }

  /** On the connection of the flow, or on one from the pool. Faults leave it coded; a deadlock leaves its transaction as it is. */
  private async onConnection<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const ambient = this.ambient.getStore();
    if (ambient?.isTransactionActive) {
      return work(ambient);
    }
    if (ambient) {
      return coded(() => work(ambient));
    }
    if (!this.dataSource.isInitialized) {
      throw databaseUnavailable('not connected yet');
    }
    const runner = await coded(() => acquireRunner(this.dataSource));
    let fault: unknown;
    try {
      return await work(runner);
    } catch (error) {
      fault = error;
      throw databaseFault(error);
    } finally {
      await releaseRunner(runner, fault);
    }
  }
}

async function coded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw databaseFault(error);
  }
}

/** Locks are server-wide and their names limited to 64 characters. */
function lockKey(database: string, name: string): string {
  return `sdp.${createHash('sha256').update(`${database}\0${name}`).digest('hex').slice(0, 40)}`;
}
