import { Inject, Injectable } from '@nestjs/common';
import type { TaskReport } from '../../control/task-report.js';
import { derivePipelineStatus } from '../../domain/pipeline-status.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import { ReportBuffer } from './report-buffer.js';
import { TaskReportsRepository } from './task-reports.repository.js';
import { TasksRepository } from './tasks.repository.js';

const FLUSH_INTERVAL_MS = 1000;

/**
 * Turns the workers' reports into what users see. Reports are gathered and written once a second, the last one of each
 * task; while the database is away they wait here, bounded by the number of tasks. One that a crash loses is said again
 * within 10 s.
 */
@Injectable()
export class ReportIntake {
  private readonly buffer = new ReportBuffer();
  private readonly faults: RepeatingFault;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private startedAt: number | undefined;
  private lastWrittenAt = 0;
  private fault: string | undefined;

  constructor(
    private readonly reports: TaskReportsRepository,
    private readonly tasks: TasksRepository,
    private readonly pipelines: PipelinesRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** For how long it has been started; 0 before. */
  get listeningMs(): number {
    return this.startedAt === undefined ? 0 : performance.now() - this.startedAt;
  }

  /** How the reports get on; `fault` is undefined while they are written. */
  get standing(): { waitingTasks: number; lastWrittenAt: number; fault: string | undefined } {
    return { waitingTasks: this.buffer.size, lastWrittenAt: this.lastWrittenAt, fault: this.fault };
  }

  start(): void {
    this.startedAt ??= performance.now();
    this.timer ??= setInterval(() => {
      this.flushing = this.flushing.then(() => this.flush());
    }, FLUSH_INTERVAL_MS);
  }

  /** Writes what has come and ends. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.flushing;
    await this.flush();
  }

  take(reports: readonly TaskReport[]): Promise<void> {
    reports.forEach((report) => this.buffer.add(report));
    return Promise.resolve();
  }

  /** Derives and shows the status of these pipelines anew. One that is to be closed or deleted shows that already. */
  async refreshStatus(pipelineIds: readonly string[]): Promise<void> {
    const [pipelines, tasks] = [await this.pipelines.findMany(pipelineIds), await this.tasks.reportedOf(pipelineIds)];
    const running = pipelines.filter((pipeline) => pipeline.desired === 'running');
    const changed = running.flatMap((pipeline) => {
      const own = tasks.filter((task) => task.pipelineId === pipeline.id);
      const { status, details } = derivePipelineStatus(pipeline.desired, own);
      const isShown = status === pipeline.status && details === pipeline.statusDetails;
      return isShown ? [] : [{ pipelineId: pipeline.id, desired: pipeline.desired, status, details }];
    });
    if (changed.length > 0) {
      await this.reports.show(changed);
    }
  }

  private async flush(): Promise<void> {
    const batch = this.buffer.drain();
    if (batch.latest.length === 0) {
      return;
    }
    try {
      await this.reports.store(batch);
      await this.refreshStatus([...new Set(batch.latest.map((report) => report.pipelineId))]);
      this.lastWrittenAt = Date.now();
      this.fault = undefined;
      this.faults.end('store', {}, 'Task reports are written again');
    } catch (error) {
      this.buffer.putBack(batch);
      this.fault = error instanceof Error ? error.message : String(error);
      this.faults.report('store', { err: error, taskCount: batch.latest.length }, 'Task reports could not be written');
    }
  }
}
