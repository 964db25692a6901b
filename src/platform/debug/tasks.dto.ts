import { ApiProperty } from '@nestjs/swagger';

export class ThreadDto {
  @ApiProperty({ description: 'Name of the thread', example: 'tasks-1' })
  name: string;

  @ApiProperty({ description: 'True when it serves one task alone: `isolation` is dedicated' })
  is_dedicated: boolean;

  @ApiProperty({ description: 'Keys of the tasks on it', type: [String], example: ['orders#0'] })
  tasks: string[];

  @ApiProperty({ description: 'Share of the time in which its event loop was busy, since its start', example: 0.4 })
  event_loop_utilization: number;

  @ApiProperty({ description: 'What its heap holds', example: 24_000_000 })
  heap_used_bytes: number;

  @ApiProperty({ description: 'Beyond it the thread dies, and its tasks start on another one', example: 4_345_298_944 })
  heap_limit_bytes: number;
}

/** The configuration with the overrides of the pipeline: what the task works by. */
export class TaskSettingsDto {
  @ApiProperty({ description: 'A batch is written as soon as it has this size', example: 5_242_880 })
  flush_bytes: number;

  @ApiProperty({ description: 'A batch is written as soon as it has this many records', example: 10_000 })
  flush_items: number;

  @ApiProperty({ description: 'A batch is written at the latest after this time', example: 3000 })
  flush_interval_ms: number;

  @ApiProperty({ description: 'Bytes of records that are read and not committed, at most', example: 33_554_432 })
  max_buffered_bytes: number;

  @ApiProperty({ description: 'Bulk requests that may be on the way at once', example: 2 })
  max_in_flight_bulks: number;

  @ApiProperty({ description: 'A larger record is rejected', example: 20_971_520 })
  max_record_bytes: number;

  @ApiProperty({ description: 'What becomes of records without a value', enum: ['skip', 'error'] })
  tombstones: string;

  @ApiProperty({ description: 'Whether a crash may forward records twice', enum: ['exactly_once', 'at_least_once'] })
  delivery: string;

  @ApiProperty({ description: 'Whether the highest offset wins', enum: ['none', 'offset'] })
  document_version: string;
}

export class TaskLagDto {
  @ApiProperty({ description: 'Partition of the input topic', example: 0 })
  partition: number;

  @ApiProperty({ description: 'Records behind what is committed', example: 120 })
  records: number;

  @ApiProperty({ description: 'Age of the first record that is not committed; null when nobody knows', nullable: true })
  seconds: number | null;
}

export class RunningTaskDto {
  @ApiProperty({ description: 'The pipeline that it belongs to', example: 'orders' })
  pipeline_id: string;

  @ApiProperty({ description: 'Which of the tasks of the pipeline, from 0', example: 0 })
  index: number;

  @ApiProperty({ description: 'Revision of the pipeline that runs; 0 when none does', example: 17 })
  revision: number;

  @ApiProperty({ description: 'What callers want of it', enum: ['running', 'close'] })
  desired: string;

  @ApiProperty({ description: 'Null when nothing of it runs', nullable: true, example: 'tasks-1', type: String })
  thread: string | null;

  @ApiProperty({ description: 'Where it stands', example: 'running' })
  state: string;

  @ApiProperty({ description: 'Why it is in this state; empty when running without a fault', example: '' })
  cause: string;

  @ApiProperty({ description: 'Code of the cause; empty when there is none', example: '' })
  cause_code: string;

  @ApiProperty({ description: 'Epoch milliseconds since when it is in this state', example: 1_795_276_800_000 })
  since: number;

  @ApiProperty({ description: 'Failed runs in a row', example: 0 })
  attempts: number;

  @ApiProperty({ description: 'Epoch milliseconds; 0 when none is planned', example: 0 })
  next_attempt_at: number;

  @ApiProperty({ description: 'Deaths of its thread in a row', example: 0 })
  crashes: number;

  @ApiProperty({ description: 'Bytes of records that are read and not committed', example: 1_048_576 })
  buffer_bytes: number;

  @ApiProperty({ description: 'Records that are read and not committed', example: 1200 })
  records_in_flight: number;

  @ApiProperty({ description: 'Bulk requests on the way', example: 1 })
  bulks_in_flight: number;

  @ApiProperty({ description: 'What is not yet read, by partition', type: [TaskLagDto] })
  lag: TaskLagDto[];

  @ApiProperty({ description: 'The settings that count for it', type: TaskSettingsDto })
  settings: TaskSettingsDto;
}

/** What GET /debug/tasks answers; without threads and tasks where none can run. */
export class TasksDto {
  @ApiProperty({ description: 'Name under which it reports; empty where no tasks run', example: 'worker-1' })
  worker_id: string;

  @ApiProperty({ description: 'Whether the group of workers has given it its share, which may be nothing' })
  has_joined: boolean;

  @ApiProperty({ description: 'Threads that run tasks', type: [ThreadDto] })
  threads: ThreadDto[];

  @ApiProperty({ description: 'Tasks of this process', type: [RunningTaskDto] })
  tasks: RunningTaskDto[];
}
