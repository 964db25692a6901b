import type { DataSource } from 'typeorm';

export interface PoolUse {
  /** Connections that a caller has. */
  busy: number;
  /** Open connections that nobody has. */
  idle: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

/** mysql2 tells of its pool by events alone, which say nothing of connections that broke: these are its own lists. */
interface Pool {
  _allConnections: { length: number };
  _freeConnections: { length: number };
  _connectionQueue: { length: number };
}

/** All zero while the pool is closed. */
export function poolUse({ driver }: DataSource): PoolUse {
  const { pool } = driver as { pool?: Pool };
  if (!pool) {
    return { busy: 0, idle: 0, waiting: 0 };
  }
  const idle = pool._freeConnections.length;
  return { busy: pool._allConnections.length - idle, idle, waiting: pool._connectionQueue.length };
}
