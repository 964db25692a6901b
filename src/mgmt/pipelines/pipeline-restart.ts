import { Injectable } from '@nestjs/common';
import type { Account } from '../../domain/pipeline.js';
import { ApiError } from '../errors/api-error.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelinesRepository } from './pipelines.repository.js';

/** Starts the tasks of a pipeline anew: they drain and commit, then begin where they were. */
@Injectable()
export class PipelineRestart {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly tasks: TasksRepository,
    private readonly publication: PipelinePublication,
  ) {}

  /** Resolves when the workers have been told. When Kafka does not answer it rejects, and the reconciler tells them later. */
  async restart(id: string, account: Account): Promise<void> {
    const found = await this.pipelines.locked(id, async (pipeline) => {
      if (pipeline.desired !== 'running') {
        throw new ApiError(pipeline.desired === 'deleting' ? 'Conflict.PipelineDeleting' : 'Conflict.PipelineClosed');
      }
      await this.pipelines.applyCallerChange(id, {
        ...{ desired: pipeline.desired, status: 'running', statusDetails: '' },
        revision: await this.pipelines.nextRevision(),
        updateTime: Date.now(),
        updater: account,
      });
      await this.tasks.expectReports(id);
      return true;
    });
    if (!found) {
      throw new ApiError('NotFound.Pipeline');
    }
    await this.publication.publish(id);
  }
}
