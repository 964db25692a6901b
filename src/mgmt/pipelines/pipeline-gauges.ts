import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { PipelineStatus } from '../../domain/pipeline.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { type PipelineStanding, PipelineStandingsRepository } from './pipeline-standings.repository.js';

/** However many scrape, and however often. */
const ASK_EVERY_MS = 5000;
/** A scrape waits no longer for the database. */
const PATIENCE_MS = 2000;
const STATUSES: Readonly<Record<PipelineStatus, true>> = { running: true, close: true, error: true, deleting: true };

/** What is wanted and what is, of each pipeline. While the database is away nothing is shown rather than what was. */
@Injectable()
export class PipelineGauges {
  private readonly desired;
  private readonly running;
  private readonly status;
  private readonly unpublished;
  private askedAtMs = -Infinity;
  private answer: Promise<PipelineStanding[] | undefined> = Promise.resolve(undefined);

  constructor(
    registry: MetricsRegistry,
    private readonly standings: PipelineStandingsRepository,
  ) {
    this.desired = registry.gauge({
      name: 'sdp_pipeline_tasks_desired',
      help: 'Tasks that a pipeline should have; 0 unless it is wanted to run.',
      labels: ['pipeline'],
    });
    this.running = registry.gauge({
      name: 'sdp_pipeline_tasks_running',
      help: 'Tasks of a pipeline that run by their last report, those included that wait for a fault outside to pass.',
      labels: ['pipeline'],
    });
    this.status = registry.gauge({
      name: 'sdp_pipeline_status',
      help: 'Status of a pipeline: 1 for the one it shows, 0 for the others.',
      labels: ['pipeline', 'status'],
    });
    this.unpublished = registry.gauge({
      name: 'sdp_pipelines_unpublished',
      help: 'Pipelines whose last change the workers have not been told yet.',
    });
    registry.beforeScrape(() => this.refresh());
  }

  private async refresh(): Promise<void> {
    const standings = await Promise.race([this.ask(), delay(PATIENCE_MS, undefined, { ref: false })]);
    this.desired.reset();
    this.running.reset();
    this.status.reset();
    this.unpublished.remove();
    if (standings) {
      standings.forEach((standing) => this.show(standing));
      this.unpublished.set(standings.filter(({ isUnpublished }) => isUnpublished).length);
    }
  }

  private ask(): Promise<PipelineStanding[] | undefined> {
    const now = performance.now();
    if (now - this.askedAtMs >= ASK_EVERY_MS) {
      this.askedAtMs = now;
      // The health check tells why the database does not answer.
      this.answer = this.standings.all().catch(() => undefined);
    }
    return this.answer;
  }

  private show({ pipelineId: pipeline, status, tasksDesired, tasksRunning }: PipelineStanding): void {
    this.desired.set({ pipeline }, tasksDesired);
    this.running.set({ pipeline }, tasksRunning);
    Object.keys(STATUSES).forEach((name) => this.status.set({ pipeline, status: name }, name === status ? 1 : 0));
  }
}
