import type { DataSource, QueryRunner } from 'typeorm';
import { codeOf, databaseUnavailable } from './database-fault.js';

/** All connections of the pool may be busy, or a new one may not come about. */
const ACQUIRE_TIMEOUT_MS = 5000;

/** A connection of its own, given back with {@link releaseRunner}. Rejects when none is free in time. */
export async function acquireRunner(dataSource: DataSource): Promise<QueryRunner> {
  const runner = dataSource.createQueryRunner();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(databaseUnavailable('no connection in time')), ACQUIRE_TIMEOUT_MS);
  const connected = runner.connect();
  try {
    await Promise.race([connected, expired]);
    return runner;
  } catch (error) {
    // It may still come; nobody waits for it any more.
    connected.then(
      () => runner.release(),
      () => undefined,
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Gives the connection back to the pool; after a fault that leaves its state unknown (a late answer, an open transaction,
 * a lock), closes it instead: the server then ends what it held.
 */
export async function releaseRunner(runner: QueryRunner, fault: unknown): Promise<void> {
  if (runner.isTransactionActive || isStateUnknown(fault)) {
    const connection = (await runner.connect()) as { destroy(): void };
    connection.destroy();
  }
  await runner.release();
}

/** True when a late answer may still come, or none any more: the connection cannot be used again. */
export function isStateUnknown(fault: unknown): boolean {
  if (typeof fault !== 'object' || fault === null) {
    return false;
  }
  const code = codeOf(fault);
  return code === 'PROTOCOL_SEQUENCE_TIMEOUT' || isStateUnknown((fault as { cause?: unknown }).cause);
}
