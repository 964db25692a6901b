/** A row of the table that the replaced service keeps; what is left out is as in most rows. */
export interface OldPipelineRow {
  f_pipeline_id: string;
  f_pipeline_status: string;
  f_index_base: string;
  [column: string]: unknown;
}

/** Its columns, and no other; those that may be NULL in some of its versions may be here. */
export const OLD_PIPELINE_TABLE = `CREATE TABLE t_stream_data_pipeline (
  f_pipeline_id varchar(40) NOT NULL DEFAULT '' COMMENT 'id',
  f_pipeline_name varchar(40) NOT NULL DEFAULT '',
  f_tags varchar(255) DEFAULT NULL,
  f_comment varchar(255) DEFAULT NULL,
  f_builtin boolean DEFAULT 0,
  f_output_type varchar(20) NOT NULL,
  f_index_base varchar(255) DEFAULT NULL,
  f_use_index_base_in_data boolean DEFAULT 0,
  f_pipeline_status varchar(10) NOT NULL,
  f_pipeline_status_details text,
  f_deployment_config text,
  f_create_time bigint(20) NOT NULL DEFAULT 0,
  f_update_time bigint(20) NOT NULL DEFAULT 0,
  f_creator varchar(40) NOT NULL DEFAULT '',
  f_creator_type varchar(20) NOT NULL DEFAULT '',
  f_updater varchar(40) NOT NULL DEFAULT '',
  f_updater_type varchar(20) NOT NULL DEFAULT '',
  PRIMARY KEY (f_pipeline_id),
  UNIQUE KEY uk_f_pipeline_name (f_pipeline_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`;

/** All columns of the row, as the replaced service writes them. */
export function oldPipelineRow(row: OldPipelineRow): Record<string, unknown> {
  return {
    f_pipeline_name: `Old ${row.f_pipeline_id}`,
    f_tags: '"web","production"',
    f_comment: 'made by the older service',
    f_builtin: 0,
    f_output_type: 'index_base',
    f_use_index_base_in_data: 0,
    f_pipeline_status_details: '',
    f_deployment_config: '{"cpu_limit":2,"memory_limit":512}',
    f_create_time: 1_600_000_000_000,
    f_update_time: 1_650_000_000_000,
    f_creator: 'u-creator',
    f_creator_type: 'user',
    f_updater: 'u-updater',
    f_updater_type: 'app',
    ...row,
  };
}
