import { Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { Permissions } from '../permission/permissions.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository } from './create-steps.repository.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelineTopics } from './pipeline-topics.js';
import { PipelinesRepository } from './pipelines.repository.js';

/** What follows once a pipeline's tasks are told to stop. */
@Injectable()
export class DeletionSteps {
  constructor(
    private readonly database: Database,
    private readonly pipelines: PipelinesRepository,
    private readonly steps: CreateStepsRepository,
    private readonly tasks: TasksRepository,
    private readonly topics: PipelineTopics,
    private readonly publication: PipelinePublication,
    private readonly permissions: Permissions,
  ) {}

  /** True when the pipeline is gone; false while its tasks have not stopped. */
  async finish(id: string): Promise<boolean> {
    if (await this.topics.isRead(id)) {
      return false;
    }
    try {
      await this.database.withLock(`deletion of ${id}`, async () => {
        const pipeline = await this.pipelines.find(id);
        // Another replica may have finished, and a new pipeline of this id may be there: only what is deleting goes.
        if (pipeline?.desired === 'deleting') {
          await this.remove(pipeline);
        }
      });
    } catch (error) {
      if (isGroupJoined(error)) {
        return false;
      }
      throw error;
    }
    return true;
  }

  /** What a deletion that is not finished waits for, in words. */
  waitsFor(id: string): string {
    const group = this.topics.groupOf(id);
    return `Waits until consumer group ${group} has no members: if no task of the pipeline is left, end the other consumers in it`;
  }

  private async remove(pipeline: Pipeline): Promise<void> {
    await this.topics.deleteOwn(pipeline);
    await this.publication.remove(await this.tasks.placedOf(pipeline.id));
    await this.permissions.forget(pipeline.id);
    await this.tasks.remove(pipeline.id);
    await this.steps.removeRow(pipeline.id);
  }
}

/** A task that was just starting has joined between the look at the group and its deletion: nothing was touched yet. */
function isGroupJoined(error: unknown): boolean {
  return error instanceof CodedError && (error.details as { type?: string } | undefined)?.type === 'NON_EMPTY_GROUP';
}
