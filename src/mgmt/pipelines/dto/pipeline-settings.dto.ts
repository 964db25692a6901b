import { ApiProperty } from '@nestjs/swagger';
import { DELIVERIES, type Delivery } from '../../../domain/pipeline.js';
import { InRange, IsOneOf, IsWhole, Optional } from '../../http/field-rules.js';

const TOMBSTONES = ['skip', 'error'] as const;
const NOT_VALID = 'InvalidParameter.Settings';

/** Overrides of the configuration, with the same ranges. */
export class PipelineSettingsDto {
  @ApiProperty({
    description: 'A batch is written as soon as it has this size, MiB',
    ...{ type: 'integer', minimum: 1, maximum: 100, required: false },
  })
  @InRange(NOT_VALID, 1, 100)
  @IsWhole(NOT_VALID)
  @Optional()
  flush_mib?: number;

  @ApiProperty({
    description: 'A batch is written as soon as it has this many records',
    ...{ type: 'integer', minimum: 1, maximum: 1_000_000, required: false },
  })
  @InRange(NOT_VALID, 1, 1_000_000)
  @IsWhole(NOT_VALID)
  @Optional()
  flush_items?: number;

  @ApiProperty({
    description: 'A batch is written at the latest after this time, seconds',
    ...{ type: 'integer', minimum: 1, maximum: 3600, required: false },
  })
  @InRange(NOT_VALID, 1, 3600)
  @IsWhole(NOT_VALID)
  @Optional()
  flush_interval_sec?: number;

  @ApiProperty({
    description: 'Partitions of the input topic; raised, never lowered. Of no effect on an `input_topic` of your own',
    ...{ type: 'integer', minimum: 1, maximum: 10_000, required: false },
  })
  @InRange(NOT_VALID, 1, 10_000)
  @IsWhole(NOT_VALID)
  @Optional()
  input_partitions?: number;

  @ApiProperty({
    description: 'How long rejected records are kept, hours',
    ...{ type: 'integer', minimum: 1, maximum: 87_600, required: false },
  })
  @InRange(NOT_VALID, 1, 87_600)
  @IsWhole(NOT_VALID)
  @Optional()
  error_retention_hours?: number;

  @ApiProperty({
    description: 'What becomes of records without a value',
    ...{ enum: TOMBSTONES, required: false },
  })
  @IsOneOf(NOT_VALID, TOMBSTONES)
  @Optional()
  tombstones?: (typeof TOMBSTONES)[number];

  @ApiProperty({
    description: 'at_least_once does without transactions: after a crash or a rebalance records may be forwarded twice',
    ...{ enum: DELIVERIES, required: false },
  })
  @IsOneOf(NOT_VALID, DELIVERIES)
  @Optional()
  delivery?: Delivery;
}
