import { ApiProperty } from '@nestjs/swagger';

export class ListenerDto {
  @ApiProperty({ description: 'Which of the two it is', enum: ['public', 'internal'] })
  listener: 'public' | 'internal';

  @ApiProperty({ description: 'Where it listens', example: 'http://127.0.0.1:13012' })
  url: string;

  @ApiProperty({ description: 'Connections that callers have open', example: 3 })
  open_connections: number;
}

export class DependencyDto {
  @ApiProperty({ description: 'What it is', example: 'kafka' })
  name: string;

  @ApiProperty({ description: 'How it is', enum: ['up', 'degraded', 'down'] })
  status: 'up' | 'degraded' | 'down';

  @ApiProperty({ description: 'Time that its answer took', example: 4 })
  latency_ms: number;

  @ApiProperty({ description: 'Why it is not up; empty when it is', example: '' })
  message: string;

  @ApiProperty({ description: 'Empty for what is inside this process', example: 'kafka-1:9092, kafka-2:9092' })
  address: string;

  @ApiProperty({ description: 'Settings that say where it is', type: [String], example: ['mq.mqHost', 'mq.mqPort'] })
  settings: readonly string[];
}

export class DatabasePoolDto {
  @ApiProperty({ description: 'Connections that a caller has', example: 1 })
  busy: number;

  @ApiProperty({ description: 'Open connections that nobody has', example: 4 })
  idle: number;

  @ApiProperty({ description: 'Callers that wait for a connection', example: 0 })
  waiting: number;

  @ApiProperty({ description: 'Connections that may be open at once', example: 10 })
  size: number;
}

/** What GET /debug/connections answers. */
export class ConnectionsDto {
  @ApiProperty({ description: 'Where this process takes requests', type: [ListenerDto] })
  listeners: ListenerDto[];

  @ApiProperty({ type: [DependencyDto], description: 'Asked now, from this process' })
  dependencies: DependencyDto[];

  @ApiProperty({ type: DatabasePoolDto, nullable: true, description: 'Null where there is no database: on a worker' })
  database_pool: DatabasePoolDto | null;
}
