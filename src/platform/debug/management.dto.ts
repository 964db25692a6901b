import { ApiProperty } from '@nestjs/swagger';

export class ReconcileStepDto {
  @ApiProperty({ description: 'What the step does', example: 'undo unfinished creates' })
  name: string;

  @ApiProperty({ description: 'Time that it took', example: 12 })
  duration_ms: number;

  @ApiProperty({ description: 'Why it failed; null when it did not', nullable: true, type: String })
  fault: string | null;
}

export class ReconcileRunDto {
  @ApiProperty({ description: 'Epoch milliseconds', example: 1_795_276_800_000 })
  started_at: number;

  @ApiProperty({ description: 'Time that it took', example: 85 })
  duration_ms: number;

  @ApiProperty({
    enum: ['done', 'held_up', 'elsewhere', 'failed'],
    description:
      'held_up: some steps failed; elsewhere: another replica was at it; failed: the lock could not be asked for, see fault',
  })
  outcome: 'done' | 'held_up' | 'elsewhere' | 'failed';

  @ApiProperty({ description: 'Why it failed; null when it did not', nullable: true, type: String })
  fault: string | null;

  @ApiProperty({ description: 'In their order', type: [ReconcileStepDto] })
  steps: ReconcileStepDto[];
}

export class ReconcilerDto {
  @ApiProperty({ type: ReconcileRunDto, nullable: true, description: 'Of this replica; null before the first' })
  last_run: ReconcileRunDto | null;

  @ApiProperty({
    description: 'The last run that this replica did itself; null when others did all of them',
    ...{ type: ReconcileRunDto, nullable: true },
  })
  last_own_run: ReconcileRunDto | null;
}

export class ReportsDto {
  @ApiProperty({ description: 'Since when this replica listens to reports', example: 3_600_000 })
  listening_ms: number;

  @ApiProperty({ description: 'Tasks whose last report is not written yet', example: 0 })
  waiting_tasks: number;

  @ApiProperty({ description: 'Epoch milliseconds; 0 before the first', example: 1_795_276_800_000 })
  last_written_at: number;

  @ApiProperty({ description: 'Why they cannot be written; null when they can', nullable: true, type: String })
  fault: string | null;
}

export class WatchersDto {
  @ApiProperty({ description: 'Callers that wait for a change (is_listen)', example: 2 })
  callers: number;

  @ApiProperty({ description: 'Pipelines that they wait for', example: 1 })
  pipelines: number;
}

/** What this replica of the management half does beside answering requests. */
export class ManagementDto {
  @ApiProperty({ description: 'Callers that wait', type: WatchersDto })
  watchers: WatchersDto;

  @ApiProperty({ description: 'What brings what should be and what is together', type: ReconcilerDto })
  reconciler: ReconcilerDto;

  @ApiProperty({ type: ReportsDto, description: 'Reports of workers on their way into the database' })
  reports: ReportsDto;
}

/** What GET /debug/management answers. */
export class ManagementAnswerDto {
  @ApiProperty({ type: ManagementDto, nullable: true, description: 'Null on a worker' })
  management: ManagementDto | null;
}
