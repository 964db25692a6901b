import type { MigrationInterface, QueryRunner } from 'typeorm';

const TRANSITION_TABLE = `
CREATE TABLE IF NOT EXISTS t_stream_data_pipeline_task_transition (
  f_id bigint NOT NULL AUTO_INCREMENT,
  f_pipeline_id varchar(40) NOT NULL,
  f_task_index int NOT NULL,
  f_time bigint NOT NULL COMMENT 'epoch ms, clock of the database',
  f_state varchar(10) NOT NULL,
  f_cause text NOT NULL DEFAULT '',
  f_cause_code varchar(100) NOT NULL DEFAULT '',
  f_worker_id varchar(255) NOT NULL DEFAULT '',
  f_revision bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (f_id),
  KEY idx_pipeline (f_pipeline_id, f_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin`;

/** What a change by a caller is compared with (If-Match), and what tasks went through. It only adds. */
export class VersionsAndTransitions1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE t_stream_data_pipeline
       ADD COLUMN IF NOT EXISTS f_version bigint NOT NULL DEFAULT 1 COMMENT 'another one after each change by a caller'`,
    );
    await runner.query(TRANSITION_TABLE);
  }

  /** As of every migration: going back is a restore from a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only add; restore a backup to go back'));
  }
}
