import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The columns of the service that this one replaces, so that its table can be taken over as it is. */
const TAKEN_OVER_COLUMNS = `
  f_pipeline_id varchar(40) NOT NULL DEFAULT '',
  f_pipeline_name varchar(40) NOT NULL DEFAULT '',
  f_tags varchar(255) NOT NULL,
  f_comment varchar(255),
  f_builtin boolean DEFAULT 0,
  f_output_type varchar(20) NOT NULL,
  f_index_base varchar(255) NOT NULL,
  f_use_index_base_in_data boolean DEFAULT 0,
  f_pipeline_status varchar(10) NOT NULL,
  f_pipeline_status_details text NOT NULL,
  f_deployment_config text NOT NULL,
  f_create_time bigint NOT NULL DEFAULT 0,
  f_update_time bigint NOT NULL DEFAULT 0,
  f_creator varchar(40) NOT NULL DEFAULT '',
  f_creator_type varchar(20) NOT NULL DEFAULT '',
  f_updater varchar(40) NOT NULL DEFAULT '',
  f_updater_type varchar(20) NOT NULL DEFAULT ''`;

const ADDED_COLUMNS = [
  `f_desired varchar(10) NOT NULL DEFAULT 'running' COMMENT 'running, close, deleting: changed by callers only'`,
  `f_handlers mediumtext NOT NULL DEFAULT '[]'`,
  `f_settings text NOT NULL DEFAULT '{}'`,
  `f_document_version varchar(10) NOT NULL DEFAULT 'none'`,
  `f_own_input_topic boolean NOT NULL DEFAULT 0 COMMENT '1: the owner named an existing topic, which is never touched'`,
  `f_input_topic varchar(249) NOT NULL DEFAULT ''`,
  `f_error_topic varchar(249) NOT NULL DEFAULT ''`,
  `f_output_topic varchar(249) NOT NULL DEFAULT ''`,
  `f_base_details text NOT NULL DEFAULT '' COMMENT 'what the provider said of the index base'`,
  `f_creator_name varchar(255) NOT NULL DEFAULT ''`,
  `f_updater_name varchar(255) NOT NULL DEFAULT ''`,
  `f_revision bigint NOT NULL DEFAULT 0`,
  `f_published_revision bigint NOT NULL DEFAULT 0`,
  `f_step varchar(20) NOT NULL DEFAULT '' COMMENT 'where a create stands; empty: done'`,
  `f_step_owner varchar(40) NOT NULL DEFAULT '' COMMENT 'who carries the create on'`,
  `f_step_time bigint NOT NULL DEFAULT 0`,
  `f_made_topics text NOT NULL DEFAULT '[]' COMMENT 'topics that the create may have made'`,
];

const TASK_TABLE = `
CREATE TABLE IF NOT EXISTS t_stream_data_pipeline_task (
  f_pipeline_id varchar(40) NOT NULL,
  f_task_index int NOT NULL,
  f_slot int NOT NULL COMMENT 'partition of the control topic',
  f_worker_id varchar(255) NOT NULL DEFAULT '',
  f_generation bigint NOT NULL DEFAULT 0,
  f_sequence bigint NOT NULL DEFAULT 0,
  f_revision bigint NOT NULL DEFAULT 0,
  f_state varchar(10) NOT NULL DEFAULT 'starting',
  f_cause text NOT NULL DEFAULT '',
  f_cause_code varchar(100) NOT NULL DEFAULT '',
  f_since bigint NOT NULL DEFAULT 0,
  f_reported_at bigint NOT NULL DEFAULT 0 COMMENT 'clock of the worker',
  f_report_time bigint NOT NULL DEFAULT 0 COMMENT 'clock of the database',
  f_attempts int NOT NULL DEFAULT 0,
  f_next_attempt_at bigint NOT NULL DEFAULT 0,
  f_cpu_percent double NOT NULL DEFAULT 0,
  f_memory_bytes bigint NOT NULL DEFAULT 0,
  f_lag_records bigint NOT NULL DEFAULT 0,
  f_lag_seconds double NOT NULL DEFAULT 0,
  f_records_in_per_sec double NOT NULL DEFAULT 0,
  f_indexed_per_sec double NOT NULL DEFAULT 0,
  f_rejected_per_sec double NOT NULL DEFAULT 0,
  PRIMARY KEY (f_pipeline_id, f_task_index),
  KEY idx_slot (f_slot)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin`;

/**
 * Pipelines, their tasks and the sequence of revisions. It only adds: a table that is there already keeps its columns
 * and rows. The collation is binary without padding, so that two names are equal only when they are the same.
 */
export class Pipelines1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE IF NOT EXISTS t_stream_data_pipeline (${TAKEN_OVER_COLUMNS},
        PRIMARY KEY (f_pipeline_id),
        UNIQUE KEY uk_pipeline_name (f_pipeline_name)
      ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin`,
    );
    await runner.query(
      `ALTER TABLE t_stream_data_pipeline ${ADDED_COLUMNS.map((column) => `ADD COLUMN IF NOT EXISTS ${column}`).join(', ')}`,
    );
    await runner.query(
      `UPDATE t_stream_data_pipeline SET f_desired = 'close' WHERE f_pipeline_status IN ('close', 'closing') AND f_revision = 0`,
    );
    await runner.query(TASK_TABLE);
    // Not cached: a restart of the database would skip what it had cached, and a revision is taken only on a change.
    await runner.query('CREATE SEQUENCE IF NOT EXISTS s_stream_data_pipeline_revision START WITH 1 NOCACHE');
  }

  /** Rows may hold the only description of running pipelines: going back is a restore from a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only add; restore a backup to go back'));
  }
}
