import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { databaseUrl } from './environment.js';

/** A database of its own for one test. */
export class TestDatabase {
  readonly name: string;

  constructor(suffix: string) {
    this.name = `${databaseUrl().pathname.slice(1)}_${suffix}`;
  }

  async create(): Promise<void> {
    await this.run(`CREATE DATABASE \`${this.name}\``);
  }

  async drop(): Promise<void> {
    await this.run(`DROP DATABASE IF EXISTS \`${this.name}\``);
  }

  /** How many rows a table has. */
  async rowCount(table: string): Promise<number> {
    const [row] = await this.run(`SELECT COUNT(*) AS total FROM \`${this.name}\`.\`${table}\``);
    return Number(row?.total);
  }

  /** Rows of a table, with these columns. */
  async rows(table: string, ...columns: string[]): Promise<Record<string, unknown>[]> {
    return this.run(`SELECT ${columns.join(', ')} FROM \`${this.name}\`.\`${table}\``);
  }

  async insert(table: string, row: Readonly<Record<string, string | number>>): Promise<void> {
    const values = Object.values(row).map((value) => (typeof value === 'string' ? `'${value}'` : value));
    await this.run(
      `INSERT INTO \`${this.name}\`.\`${table}\` (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')})`,
    );
  }

  /** Nobody else reads or writes the table meanwhile, as during a change of its columns. */
  async withLocked<T>(table: string, meanwhile: () => Promise<T>): Promise<T> {
    const connection = await createConnection(databaseUrl().href);
    try {
      await connection.query(`LOCK TABLES \`${this.name}\`.\`${table}\` WRITE`);
      return await meanwhile();
    } finally {
      await connection.end();
    }
  }

  /** Rows of a statement about tables of this database. */
  async ask(sql: string, values: readonly (string | object)[] = []): Promise<RowDataPacket[]> {
    return this.run(sql, values, this.name);
  }

  private async run(
    sql: string,
    values: readonly (string | object)[] = [],
    database?: string,
  ): Promise<RowDataPacket[]> {
    let connection: Connection | undefined;
    try {
      connection = await createConnection({ uri: databaseUrl().href, ...(database !== undefined && { database }) });
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
      return rows;
    } finally {
      await connection?.end();
    }
  }
}
