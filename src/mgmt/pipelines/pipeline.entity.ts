import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import { numberColumn } from '../../platform/database/number-column.js';

const flag: ValueTransformer = { from: Boolean, to: Number };

/**
 * A row of t_stream_data_pipeline as it is stored; {@link toPipeline} reads it. Columns of the service that this one replaces
 * may be NULL in the table that it left.
 */
@Entity('t_stream_data_pipeline')
export class PipelineEntity {
  @PrimaryColumn({ name: 'f_pipeline_id', type: 'varchar', length: 40 })
  id: string;

  @Column({ name: 'f_pipeline_name', type: 'varchar', length: 40 })
  name: string;

  /** `"a","b"`: tags hold neither quotes nor commas. */
  @Column({ name: 'f_tags', type: 'varchar', length: 255, nullable: true })
  tags: string | null;

  @Column({ name: 'f_comment', type: 'varchar', length: 255, nullable: true })
  comment: string | null;

  @Column({ name: 'f_builtin', type: 'boolean', transformer: flag })
  builtin: boolean;

  @Column({ name: 'f_output_type', type: 'varchar', length: 20, nullable: true })
  outputType: string | null;

  @Column({ name: 'f_index_base', type: 'varchar', length: 255, nullable: true })
  indexBase: string | null;

  @Column({ name: 'f_use_index_base_in_data', type: 'boolean', transformer: flag })
  useIndexBaseInData: boolean;

  @Column({ name: 'f_pipeline_status', type: 'varchar', length: 10, nullable: true })
  status: string | null;

  @Column({ name: 'f_pipeline_status_details', type: 'text', nullable: true })
  statusDetails: string | null;

  /** JSON. */
  @Column({ name: 'f_deployment_config', type: 'text', nullable: true })
  deploymentConfig: string | null;

  @Column({ name: 'f_create_time', type: 'bigint', transformer: numberColumn })
  createTime: number;

  @Column({ name: 'f_update_time', type: 'bigint', transformer: numberColumn })
  updateTime: number;

  @Column({ name: 'f_creator', type: 'varchar', length: 40, nullable: true })
  creatorId: string | null;

  @Column({ name: 'f_creator_type', type: 'varchar', length: 20, nullable: true })
  creatorType: string | null;

  @Column({ name: 'f_creator_name', type: 'varchar', length: 255 })
  creatorName: string;

  @Column({ name: 'f_updater', type: 'varchar', length: 40, nullable: true })
  updaterId: string | null;

  @Column({ name: 'f_updater_type', type: 'varchar', length: 20, nullable: true })
  updaterType: string | null;

  @Column({ name: 'f_updater_name', type: 'varchar', length: 255 })
  updaterName: string;

  @Column({ name: 'f_desired', type: 'varchar', length: 10 })
  desired: string;

  /** JSON. */
  @Column({ name: 'f_handlers', type: 'mediumtext' })
  handlers: string;

  /** JSON. */
  @Column({ name: 'f_tests', type: 'mediumtext' })
  tests: string;

  /** JSON. */
  @Column({ name: 'f_settings', type: 'text' })
  settings: string;

  @Column({ name: 'f_document_version', type: 'varchar', length: 10 })
  documentVersion: string;

  @Column({ name: 'f_own_input_topic', type: 'boolean', transformer: flag })
  hasOwnInputTopic: boolean;

  @Column({ name: 'f_input_topic', type: 'varchar', length: 249 })
  inputTopic: string;

  @Column({ name: 'f_error_topic', type: 'varchar', length: 249 })
  errorTopic: string;

  /** Empty: the base comes from the data. */
  @Column({ name: 'f_output_topic', type: 'varchar', length: 249 })
  outputTopic: string;

  /** JSON of what the provider said of the base when the pipeline was made; empty when there is no base. */
  @Column({ name: 'f_base_details', type: 'text' })
  baseDetails: string;

  @Column({ name: 'f_version', type: 'bigint', transformer: numberColumn })
  version: number;

  @Column({ name: 'f_revision', type: 'bigint', transformer: numberColumn })
  revision: number;

  @Column({ name: 'f_published_revision', type: 'bigint', transformer: numberColumn })
  publishedRevision: number;

  @Column({ name: 'f_step', type: 'varchar', length: 20 })
  step: string;

  @Column({ name: 'f_step_owner', type: 'varchar', length: 40 })
  stepOwner: string;

  /** Epoch ms of the database's clock. */
  @Column({ name: 'f_step_time', type: 'bigint', transformer: numberColumn })
  stepTime: number;

  /** JSON. */
  @Column({ name: 'f_made_topics', type: 'text' })
  madeTopics: string;

  /** Its deletion takes the output topic too, if nobody else needs it by then. */
  @Column({ name: 'f_delete_output', type: 'boolean', transformer: flag })
  deleteOutput: boolean;

  /** A change was recorded that its topics and tasks do not have yet. */
  @Column({ name: 'f_adapt_due', type: 'boolean', transformer: flag })
  adaptDue: boolean;
}
