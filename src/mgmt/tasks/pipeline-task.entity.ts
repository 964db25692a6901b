import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from '../../platform/database/number-column.js';

/** A row of t_stream_data_pipeline_task: where a task is placed, and the last report of it. */
@Entity('t_stream_data_pipeline_task')
export class PipelineTaskEntity {
  @PrimaryColumn({ name: 'f_pipeline_id', type: 'varchar', length: 40 })
  pipelineId: string;

  @PrimaryColumn({ name: 'f_task_index', type: 'int' })
  index: number;

  @Column({ name: 'f_slot', type: 'int' })
  slot: number;

  @Column({ name: 'f_worker_id', type: 'varchar', length: 255 })
  workerId: string;

  @Column({ name: 'f_generation', type: 'bigint', transformer: numberColumn })
  generation: number;

  @Column({ name: 'f_sequence', type: 'bigint', transformer: numberColumn })
  sequence: number;

  @Column({ name: 'f_revision', type: 'bigint', transformer: numberColumn })
  revision: number;

  @Column({ name: 'f_state', type: 'varchar', length: 10 })
  state: string;

  @Column({ name: 'f_cause', type: 'text' })
  cause: string;

  @Column({ name: 'f_cause_code', type: 'varchar', length: 100 })
  causeCode: string;

  @Column({ name: 'f_since', type: 'bigint', transformer: numberColumn })
  since: number;

  @Column({ name: 'f_reported_at', type: 'bigint', transformer: numberColumn })
  reportedAt: number;

  /** Of the database's clock, so that replicas agree on how old it is. */
  @Column({ name: 'f_report_time', type: 'bigint', transformer: numberColumn })
  reportTime: number;

  @Column({ name: 'f_attempts', type: 'int' })
  attempts: number;

  @Column({ name: 'f_next_attempt_at', type: 'bigint', transformer: numberColumn })
  nextAttemptAt: number;

  @Column({ name: 'f_cpu_percent', type: 'double' })
  cpuPercent: number;

  @Column({ name: 'f_memory_bytes', type: 'bigint', transformer: numberColumn })
  memoryBytes: number;

  @Column({ name: 'f_lag_records', type: 'bigint', transformer: numberColumn })
  lagRecords: number;

  @Column({ name: 'f_lag_seconds', type: 'double' })
  lagSeconds: number;

  @Column({ name: 'f_records_in_per_sec', type: 'double' })
  recordsInPerSec: number;

  @Column({ name: 'f_indexed_per_sec', type: 'double' })
  indexedPerSec: number;

  @Column({ name: 'f_rejected_per_sec', type: 'double' })
  rejectedPerSec: number;
}
