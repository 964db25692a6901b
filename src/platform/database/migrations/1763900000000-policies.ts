import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Local permissions: which account or role may do what to which pipeline, or to all (`*`). It only adds. */
export class Policies1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE IF NOT EXISTS t_stream_data_pipeline_policy (
  f_accessor_type varchar(20) NOT NULL COMMENT 'role, or the type of an account',
  f_accessor_id varchar(255) NOT NULL,
  f_resource varchar(40) NOT NULL COMMENT 'id of a pipeline, or *',
  f_operation varchar(20) NOT NULL,
  f_create_time bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (f_accessor_type, f_accessor_id, f_resource, f_operation),
  KEY idx_resource (f_resource)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin`);
  }

  /** As of every migration: going back is a restore from a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only add; restore a backup to go back'));
  }
}
