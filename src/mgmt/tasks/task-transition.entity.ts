import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { numberColumn } from '../../platform/database/number-column.js';

/** A row of t_stream_data_pipeline_task_transition: a task has come into a state. */
@Entity('t_stream_data_pipeline_task_transition')
export class TaskTransitionEntity {
  @PrimaryGeneratedColumn({ name: 'f_id', type: 'bigint' })
  id: string;

  @Column({ name: 'f_pipeline_id', type: 'varchar', length: 40 })
  pipelineId: string;

  @Column({ name: 'f_task_index', type: 'int' })
  index: number;

  /** Epoch ms, clock of the database. */
  @Column({ name: 'f_time', type: 'bigint', transformer: numberColumn })
  time: number;

  @Column({ name: 'f_state', type: 'varchar', length: 10 })
  state: string;

  @Column({ name: 'f_cause', type: 'text' })
  cause: string;

  @Column({ name: 'f_cause_code', type: 'varchar', length: 100 })
  causeCode: string;

  @Column({ name: 'f_worker_id', type: 'varchar', length: 255 })
  workerId: string;

  @Column({ name: 'f_revision', type: 'bigint', transformer: numberColumn })
  revision: number;
}
