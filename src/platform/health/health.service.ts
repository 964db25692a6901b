import { arch, platform } from 'node:os';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { readBuildInfo } from './build-info.js';
import { Deadline } from '../kafka/deadline.js';
import { faultAt, type HealthIndicatorSource } from './health-indicator-source.js';
import { HealthRegistry } from './health-registry.js';
import type { HealthDetail, HealthReport, ReadyReport } from './health-report.js';

const CHECK_DEADLINE_MS = 2000;
/** Callers who ask at the same time share one check: a probe storm must not become load on a dependency. */
const SHARED_FOR_MS = 500;

type Details = Record<string, { status: string; responseTime?: number; message?: string }>;

@Injectable()
export class HealthService {
  private readonly build = readBuildInfo();

  constructor(
    private readonly registry: HealthRegistry,
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async report(): Promise<HealthReport> {
    const details = await this.check(this.registry.sources);
    const isDown = this.registry.sources.some(
      (source) => this.registry.isRequired(source) && details[source.name]?.status === 'down',
    );
    const isDegraded = Object.values(details).some((detail) => detail.status !== 'up');
    return {
      status: isDown ? 'error' : isDegraded ? 'degraded' : 'ok',
      name: this.build.name,
      version: this.build.version,
      commit: this.build.commit,
      language: 'typescript',
      language_version: `Node.js ${process.versions.node}, TypeScript ${this.build.typescript}`,
      os: platform(),
      architecture: arch(),
      details,
    };
  }

  async readiness(): Promise<ReadyReport> {
    if (this.registry.isDraining) {
      return { status: 'not_ready', failing: ['shutting_down'] };
    }
    const details = await this.check(this.registry.sources.filter((source) => this.registry.isRequired(source)));
    const failing = Object.keys(details).filter((name) => details[name]?.status !== 'up');
    return { status: failing.length === 0 ? 'ready' : 'not_ready', failing };
  }

  private async check(sources: readonly HealthIndicatorSource[]): Promise<Record<string, HealthDetail>> {
    const result = await this.checks.check(sources.map((source) => () => this.indicate(source))).catch(resultOf);
    return Object.fromEntries(
      Object.entries(result.details as Details).map(([name, { status, responseTime, message }]) => [
        name,
        { status: status as HealthDetail['status'], latency_ms: responseTime ?? 0, message },
      ]),
    );
  }

  private indicate(source: HealthIndicatorSource) {
    return this.indicators
      .check(source.name)
      .attempt(() => this.attempt(source))
      .cacheFor(SHARED_FOR_MS);
  }

  /** With a deadline of our own: that of the library does not say what was waited for. */
  private async attempt({ name, place, check }: HealthIndicatorSource): Promise<void> {
    try {
      await new Deadline(CHECK_DEADLINE_MS).race(check());
    } catch (error) {
      throw new Error(faultAt(error, place), { cause: error });
    }
    this.registry.noteAnswer(name);
  }
}

/** The library throws its result when something is down. */
function resultOf(error: unknown): HealthCheckResult {
  if (error instanceof ServiceUnavailableException) {
    return error.getResponse() as HealthCheckResult;
  }
  throw error;
}
