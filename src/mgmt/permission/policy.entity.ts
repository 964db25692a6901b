import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from '../../platform/database/number-column.js';

/** A row of t_stream_data_pipeline_policy: an account or a role may do something to a pipeline. */
@Entity('t_stream_data_pipeline_policy')
export class PolicyEntity {
  /** `role`, or the type of an account. */
  @PrimaryColumn({ name: 'f_accessor_type', type: 'varchar', length: 20 })
  accessorType: string;

  @PrimaryColumn({ name: 'f_accessor_id', type: 'varchar', length: 255 })
  accessorId: string;

  /** Id of a pipeline, or `*`. */
  @PrimaryColumn({ name: 'f_resource', type: 'varchar', length: 40 })
  resource: string;

  @PrimaryColumn({ name: 'f_operation', type: 'varchar', length: 20 })
  operation: string;

  /** Epoch ms. */
  @Column({ name: 'f_create_time', type: 'bigint', transformer: numberColumn })
  createTime: number;
}
