import { ApiProperty } from '@nestjs/swagger';

export class BuildDto {
  @ApiProperty({ description: 'Name of the program', example: 'flow-stream-data-pipeline' })
  name: string;

  @ApiProperty({ description: 'Its version', example: '0.1.0' })
  version: string;

  @ApiProperty({ description: 'The commit that it was built from', example: '3f1c2ab' })
  commit: string;

  @ApiProperty({ description: 'Version of Node.js', example: '24.21.0' })
  node_version: string;

  @ApiProperty({ description: 'Version of the compiler', example: '6.0.2' })
  typescript_version: string;
}

export class MemoryDto {
  @ApiProperty({ description: 'Of the whole process, all threads', example: 210_000_000 })
  rss_bytes: number;

  @ApiProperty({ description: 'Of the main thread', example: 64_000_000 })
  heap_used_bytes: number;

  @ApiProperty({ description: 'Reserved for the heap of the main thread', example: 80_000_000 })
  heap_total_bytes: number;

  @ApiProperty({ description: 'Beyond it the process ends', example: 4_345_298_944 })
  heap_limit_bytes: number;

  @ApiProperty({ description: 'Of objects outside of the heap', example: 9_000_000 })
  external_bytes: number;

  @ApiProperty({ description: 'Part of external_bytes', example: 7_000_000 })
  array_buffers_bytes: number;
}

export class EventLoopDto {
  @ApiProperty({ description: 'Share of the time in which it was busy, since the start', example: 0.07 })
  utilization: number;

  @ApiProperty({ description: 'How late it is, in the last whole minute (the time so far, before there is one)' })
  delay_mean_ms: number;

  @ApiProperty({ description: 'Half of the turns are at most so late', example: 0.4 })
  delay_p50_ms: number;

  @ApiProperty({ description: 'All turns but one of a hundred are at most so late', example: 3.1 })
  delay_p99_ms: number;

  @ApiProperty({ description: 'The latest turn', example: 12.6 })
  delay_max_ms: number;
}

/** What GET /debug/process answers. */
export class ProcessDto {
  @ApiProperty({ description: 'Which build this is', type: BuildDto })
  build: BuildDto;

  @ApiProperty({ description: 'Which halves run here', enum: ['mgmt', 'worker', 'all'] })
  role: string;

  @ApiProperty({ description: 'Id of the process', example: 4711 })
  pid: number;

  @ApiProperty({ description: 'Epoch milliseconds', example: 1_795_276_800_000 })
  started_at: number;

  @ApiProperty({ description: 'Time since its start', example: 3600 })
  uptime_sec: number;

  @ApiProperty({ description: 'CPU time of all threads', example: 42.5 })
  cpu_user_sec: number;

  @ApiProperty({ description: 'CPU time of the kernel for this process', example: 3.5 })
  cpu_system_sec: number;

  @ApiProperty({ description: 'What it holds', type: MemoryDto })
  memory: MemoryDto;

  @ApiProperty({ type: EventLoopDto, description: 'Of the main thread' })
  event_loop: EventLoopDto;

  @ApiProperty({
    description: 'What keeps the main thread alive, by kind',
    ...{ type: 'object', additionalProperties: { type: 'integer' }, example: { TCPSocketWrap: 12, Timeout: 9 } },
  })
  active_resources: Record<string, number>;
}
