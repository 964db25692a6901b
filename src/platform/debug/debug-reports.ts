import { getHeapStatistics } from 'node:v8';
import type { OnModuleDestroy } from '@nestjs/common';
import { parse } from 'yaml';
import type { AppConfig } from '../../config/app-config.js';
import { printConfig } from '../../config/print-config.js';
import { secretValuesOf } from '../../config/secret-values.js';
import { readBuildInfo } from '../health/build-info.js';
import type { HealthRegistry } from '../health/health-registry.js';
import type { HealthService } from '../health/health.service.js';
import { censorOf } from '../logging/redaction.js';
import type { ConnectionsDto, DependencyDto } from './connections.dto.js';
import type { DebugRegistry } from './debug-registry.js';
import { EventLoopDelay } from './event-loop-delay.js';
import type { ManagementAnswerDto } from './management.dto.js';
import type { ProcessDto } from './process.dto.js';
import type { TasksDto } from './tasks.dto.js';

export interface DebugReportsParts {
  config: AppConfig;
  role: string;
  registry: DebugRegistry;
  health: HealthService;
  healthSources: HealthRegistry;
}

const MICROS_PER_SEC = 1e6;
const NO_TASKS: TasksDto = { worker_id: '', has_joined: false, threads: [], tasks: [] };

/** What a process tells of itself to those who look after it. No answer has a secret in it, whatever a library has said. */
export class DebugReports implements OnModuleDestroy {
  private readonly delay = new EventLoopDelay();
  private readonly startedAt = Math.round(performance.timeOrigin);
  private readonly censor: (text: string) => string;

  constructor(private readonly parts: DebugReportsParts) {
    this.censor = censorOf(secretValuesOf(parts.config)) ?? ((text) => text);
  }

  onModuleDestroy(): void {
    this.delay.stop();
  }

  /** As `--print-config` shows it. */
  config(): unknown {
    return this.clean(parse(printConfig(this.parts.config)));
  }

  process(): ProcessDto {
    const { name, version, commit, typescript } = readBuildInfo();
    const { user, system } = process.cpuUsage();
    const { rss, external, arrayBuffers } = process.memoryUsage();
    const heap = getHeapStatistics();
    const { meanMs, p50Ms, p99Ms, maxMs } = this.delay.statistics;
    return {
      build: { name, version, commit, node_version: process.versions.node, typescript_version: typescript },
      role: this.parts.role,
      pid: process.pid,
      started_at: this.startedAt,
      uptime_sec: Math.round(process.uptime()),
      cpu_user_sec: user / MICROS_PER_SEC,
      cpu_system_sec: system / MICROS_PER_SEC,
      memory: {
        rss_bytes: rss,
        heap_used_bytes: heap.used_heap_size,
        heap_total_bytes: heap.total_heap_size,
        heap_limit_bytes: heap.heap_size_limit,
        external_bytes: external,
        array_buffers_bytes: arrayBuffers,
      },
      event_loop: {
        utilization: performance.eventLoopUtilization().utilization,
        ...{ delay_mean_ms: meanMs, delay_p50_ms: p50Ms, delay_p99_ms: p99Ms, delay_max_ms: maxMs },
      },
      active_resources: countOf(process.getActiveResourcesInfo()),
    };
  }

  async connections(): Promise<ConnectionsDto> {
    const { listeners, databasePool } = this.parts.registry.sources;
    return this.clean({
      listeners: (await listeners?.()) ?? [],
      dependencies: await this.dependencies(),
      database_pool: databasePool?.() ?? null,
    });
  }

  async tasks(): Promise<TasksDto> {
    return this.clean((await this.parts.registry.sources.tasks?.()) ?? NO_TASKS);
  }

  management(): ManagementAnswerDto {
    return this.clean({ management: this.parts.registry.sources.management?.() ?? null });
  }

  private async dependencies(): Promise<DependencyDto[]> {
    const { details } = await this.parts.health.report();
    const places = new Map(this.parts.healthSources.sources.map(({ name, place }) => [name, place]));
    return Object.entries(details).map(([name, { status, latency_ms, message = '' }]) => {
      const { address = '', settings = [] } = places.get(name) ?? {};
      return { name, status, latency_ms, message, address, settings };
    });
  }

  private clean<T>(report: T): T {
    return JSON.parse(this.censor(JSON.stringify(report))) as T;
  }
}

function countOf(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, list]) => [name, list.length]));
}
