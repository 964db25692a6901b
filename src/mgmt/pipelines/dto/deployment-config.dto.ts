import { ApiProperty } from '@nestjs/swagger';
import { InRange, IsOneOf, IsWhole, Optional } from '../../http/field-rules.js';

const ISOLATIONS = ['shared', 'dedicated'] as const;
const NOT_VALID = 'InvalidParameter.DeploymentConfig';

/** The upper limits of CPU and memory are settings; they are checked where these are known. */
export class DeploymentConfigDto {
  @ApiProperty({
    description: 'Cores of the whole pipeline; at most `deployment.cpuMax`',
    ...{ type: 'integer', minimum: 1, maximum: 8, default: 1, example: 2, required: false },
  })
  @InRange('OutOfRange.CpuLimit', 1, Infinity)
  @IsWhole(NOT_VALID)
  @Optional()
  cpu_limit?: number;

  @ApiProperty({
    description: 'Memory of the whole pipeline, MiB; at most `deployment.memoryMaxMiB`',
    ...{ type: 'integer', minimum: 100, maximum: 8192, default: 1024, required: false },
  })
  @InRange('OutOfRange.MemoryLimit', 100, Infinity)
  @IsWhole(NOT_VALID)
  @Optional()
  memory_limit?: number;

  @ApiProperty({
    description: 'Tasks that share the work',
    ...{ type: 'integer', minimum: 1, maximum: 16, default: 1, required: false },
  })
  @InRange('OutOfRange.Parallelism', 1, 16)
  @IsWhole(NOT_VALID)
  @Optional()
  parallelism?: number;

  @ApiProperty({
    description: 'Whether its tasks share threads with other pipelines',
    ...{ enum: ISOLATIONS, default: 'shared', required: false },
  })
  @IsOneOf(NOT_VALID, ISOLATIONS)
  @Optional()
  isolation?: (typeof ISOLATIONS)[number];
}
