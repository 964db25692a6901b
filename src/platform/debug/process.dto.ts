import { ApiProperty } from '@nestjs/swagger';

export class BuildDto {
  @ApiProperty({ example: 'flow-stream-data-pipeline' })
  name: string;

  @ApiProperty({ example: '0.1.0' })
  version: string;

  @ApiProperty({ example: '3f1c2ab' })
  commit: string;

  @ApiProperty({ example: '24.21.0' })
  node_version: string;

  @ApiProperty({ example: '6.0.2' })
  typescript_version: string;
}

export class MemoryDto {
  @ApiProperty({ description: 'Of the whole process, all threads', example: 210_000_000 })
  rss_bytes: number;

  @ApiProperty({ description: 'Of the main thread', example: 64_000_000 })
  heap_used_bytes: number;

  @ApiProperty({ example: 80_000_000 })
  heap_total_bytes: number;

  @ApiProperty({ description: 'Beyond it the process ends', example: 4_345_298_944 })
  heap_limit_bytes: number;

  @ApiProperty({ example: 9_000_000 })
  external_bytes: number;

  @ApiProperty({ description: 'Part of external_bytes', example: 7_000_000 })
  array_buffers_bytes: number;
}

export class EventLoopDto {
  @ApiProperty({ description: 'Share of the time in which it was busy, since the start', example: 0.07 })
  utilization: number;

  @ApiProperty({ description: 'How late it is, in the last whole minute (the time so far, before there is one)' })
  delay_mean_ms: number;

  @ApiProperty({ example: 0.4 })
  delay_p50_ms: number;

  @ApiProperty({ example: 3.1 })
  delay_p99_ms: number;

  @ApiProperty({ example: 12.6 })
  delay_max_ms: number;
}

/** What GET /debug/process answers. */
export class ProcessDto {
  @ApiProperty({ type: BuildDto })
  build: BuildDto;

  @ApiProperty({ enum: ['mgmt', 'worker', 'all'] })
  role: string;

  @ApiProperty({ example: 4711 })
  pid: number;

  @ApiProperty({ description: 'Epoch milliseconds', example: 1_795_276_800_000 })
  started_at: number;

  @ApiProperty({ example: 3600 })
  uptime_sec: number;

  @ApiProperty({ description: 'CPU time of all threads', example: 42.5 })
  cpu_user_sec: number;

  @ApiProperty({ example: 3.5 })
  cpu_system_sec: number;

  @ApiProperty({ type: MemoryDto })
  memory: MemoryDto;

  @ApiProperty({ type: EventLoopDto, description: 'Of the main thread' })
  event_loop: EventLoopDto;

  @ApiProperty({
    description: 'What keeps the main thread alive, by kind',
    ...{ type: 'object', additionalProperties: { type: 'integer' }, example: { TCPSocketWrap: 12, Timeout: 9 } },
  })
  active_resources: Record<string, number>;
}
