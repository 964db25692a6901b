import { ApiProperty } from '@nestjs/swagger';
import { IsOneOf, Optional } from '../http/field-rules.js';
import type { TaskState } from '../../domain/task.js';

const STATES: readonly TaskState[] = [
  'starting',
  'running',
  'waiting',
  'error',
  'stopping',
  'stopped',
  'moved',
  'unknown',
];

/** What runs where. */
export class TaskDto {
  @ApiProperty({ description: 'Which of the pipeline’s tasks, from 0', type: 'integer', example: 0 })
  index: number;

  @ApiProperty({ description: 'Partition of the control topic', type: 'integer', example: 12 })
  slot: number;

  @ApiProperty({ description: 'Worker that runs it; empty before its first report', example: 'worker-1:4711' })
  worker: string;

  @ApiProperty({ description: 'Where it stands', enum: STATES })
  state: TaskState;

  @ApiProperty({ description: 'Why it is in this state; empty when running without a fault', example: '' })
  cause: string;

  @ApiProperty({ description: 'Code of the cause; empty when there is none', example: '' })
  cause_code: string;

  @ApiProperty({ description: 'Epoch ms since when it is in this state; 0 before its first report', type: 'integer' })
  since: number;

  @ApiProperty({ description: 'Epoch ms of its last report; 0 before the first', type: 'integer' })
  reported_at: number;

  @ApiProperty({ description: 'Revision of the pipeline that runs; 0 when none does', type: 'integer' })
  revision: number;

  @ApiProperty({ description: 'Failed attempts in a row', type: 'integer' })
  attempts: number;

  @ApiProperty({ description: 'Epoch ms of the next attempt; 0 when none is planned', type: 'integer' })
  next_attempt_at: number;

  @ApiProperty({ description: 'CPU that it takes, in percent of one core', example: 12.5 })
  cpu_percent: number;

  @ApiProperty({ description: 'Memory that it takes, bytes', type: 'integer', example: 48_000_000 })
  memory_bytes: number;

  @ApiProperty({ description: 'Records not yet read', type: 'integer', example: 0 })
  lag_records: number;

  @ApiProperty({ description: 'Age of the oldest record not yet read, seconds', example: 0 })
  lag_seconds: number;

  @ApiProperty({ description: 'Records read a second', example: 1200 })
  records_in_per_sec: number;

  @ApiProperty({ description: 'Records indexed a second', example: 1199.5 })
  indexed_per_sec: number;

  @ApiProperty({ description: 'Records rejected a second', example: 0.5 })
  rejected_per_sec: number;
}

/** A task has come into a state. */
export class TaskTransitionDto {
  @ApiProperty({ description: 'Which of the pipeline’s tasks', type: 'integer', example: 0 })
  index: number;

  @ApiProperty({ description: 'Epoch ms', type: 'integer' })
  time: number;

  @ApiProperty({ description: 'Into which state', enum: STATES })
  state: TaskState;

  @ApiProperty({ description: 'Why; empty when there is nothing to explain', example: '' })
  cause: string;

  @ApiProperty({ description: 'Code of the cause; empty when there is none', example: '' })
  cause_code: string;

  @ApiProperty({ description: 'Worker that ran it', example: 'worker-1:4711' })
  worker: string;

  @ApiProperty({ description: 'Revision of the pipeline that ran', type: 'integer' })
  revision: number;
}

/** Query of GET /pipelines/:id/tasks. */
export class ListTasksDto {
  @ApiProperty({ description: 'The last 100 transitions too', enum: ['true', 'false'], required: false })
  @IsOneOf('InvalidParameter.History', ['true', 'false'])
  @Optional()
  history?: 'true' | 'false';
}

export class TaskListDto {
  @ApiProperty({ description: 'By index', type: () => [TaskDto] })
  entries: TaskDto[];

  @ApiProperty({ description: 'How many tasks it has', type: 'integer', example: 1 })
  total_count: number;

  @ApiProperty({
    description: 'With `history=true`: the last 100 transitions of all its tasks, the newest first',
    type: () => [TaskTransitionDto],
    required: false,
  })
  history?: TaskTransitionDto[];
}
