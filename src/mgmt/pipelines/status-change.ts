import { Injectable } from '@nestjs/common';
import type { Account, Pipeline } from '../../domain/pipeline.js';
import { ApiError, invalidRequest } from '../errors/api-error.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { requireVersion } from './pipeline-etag.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { startFaults } from './start-faults.js';

export interface StatusWish {
  status?: 'running' | 'close';
  statusDetails?: string;
  /** Versions of the pipeline that the caller is content to change; undefined: any. */
  versions: ReadonlySet<number> | undefined;
}

export interface StatusReport {
  status?: 'running' | 'close' | 'error';
  statusDetails?: string;
}

/** Starts and stops pipelines. */
@Injectable()
export class StatusChange {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly tasks: TasksRepository,
    private readonly publication: PipelinePublication,
  ) {}

  /**
   * Records what the caller wants and tells the workers. When Kafka does not answer the wish stands all the same, and the
   * reconciler tells them. Asking for what is wanted already changes nothing, unless it is `running` in spite of an
   * error: then the tasks start anew at once.
   */
  async change(id: string, wish: StatusWish, account: Account): Promise<void> {
    const isPublishable = await this.pipelines.locked(id, (pipeline) => this.apply(pipeline, wish, account));
    if (isPublishable === undefined) {
      throw new ApiError('NotFound.Pipeline');
    }
    if (isPublishable) {
      await this.publication.publishSoon(id);
    }
  }

  /** What an older worker says of a pipeline over HTTP: shown until the next report, and it changes nothing else. */
  async report(id: string, report: StatusReport): Promise<void> {
    const found = await this.pipelines.locked(id, async ({ desired }) => {
      if (desired !== 'deleting') {
        await this.pipelines.applyReport(id, report);
      }
      return true;
    });
    if (!found) {
      throw new ApiError('NotFound.Pipeline');
    }
  }

  private async apply(pipeline: Pipeline, wish: StatusWish, account: Account): Promise<boolean> {
    if (pipeline.desired === 'deleting') {
      throw new ApiError('Conflict.PipelineDeleting');
    }
    requireVersion(pipeline, wish.versions);
    const desired = wish.status ?? pipeline.desired;
    const isNewStart = desired === 'running' && wish.status !== undefined && pipeline.status === 'error';
    const isPublishable = desired !== pipeline.desired || isNewStart;
    if (isPublishable && desired === 'running') {
      requireStartable(pipeline);
    }
    if (!isPublishable && wish.statusDetails === undefined) {
      return false;
    }
    await this.pipelines.applyCallerChange(pipeline.id, {
      desired,
      status: isPublishable ? desired : pipeline.status,
      statusDetails: wish.statusDetails ?? '',
      revision: isPublishable ? await this.pipelines.nextRevision() : pipeline.revision,
      updateTime: Date.now(),
      updater: account,
    });
    if (isPublishable) {
      await this.tasks.expectReports(pipeline.id);
    }
    return isPublishable;
  }
}

function requireStartable(pipeline: Pipeline): void {
  const [first, ...others] = startFaults(pipeline);
  if (first) {
    throw invalidRequest([first, ...others]);
  }
}
