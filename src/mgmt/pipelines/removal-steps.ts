import { Inject, Injectable } from '@nestjs/common';
import type { Pipeline } from '../../domain/pipeline.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Permissions } from '../permission/permissions.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository } from './create-steps.repository.js';
import { PipelinePublication } from './pipeline-publication.js';
import { TopicRemoval } from './topic-removal.js';

/** What takes a pipeline away whose tasks have stopped: group, topics, tombstones, policy, task rows, row. Repeatable at any point. */
@Injectable()
export class RemovalSteps {
  constructor(
    private readonly rows: CreateStepsRepository,
    private readonly tasks: TasksRepository,
    private readonly topics: TopicRemoval,
    private readonly publication: PipelinePublication,
    private readonly permissions: Permissions,
    private readonly failPoints: FailPoints,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** False, and nothing is touched, when a task has joined the group again. */
  async carryOut(pipeline: Pipeline): Promise<boolean> {
    const { id } = pipeline;
    if (!(await this.topics.deleteGroup(id))) {
      return false;
    }
    this.failPoints.reached('delete.group_deleted', id);
    await this.topics.deleteInput(pipeline);
    this.failPoints.reached('delete.input_deleted', id);
    await this.topics.deleteError(pipeline);
    this.failPoints.reached('delete.error_deleted', id);
    await this.publication.remove(await this.tasks.placedOf(id));
    this.failPoints.reached('delete.tombstoned', id);
    await this.permissions.forget(id);
    this.failPoints.reached('delete.policy_removed', id);
    await this.tasks.remove(id);
    this.failPoints.reached('delete.tasks_removed', id);
    await this.removeRow(pipeline);
    this.failPoints.reached('delete.row_removed', id);
    return true;
  }

  /** Together with the output topic, if that was asked for. */
  private async removeRow(pipeline: Pipeline): Promise<void> {
    const { id, topics } = pipeline;
    if (!pipeline.deletesOutput) {
      await this.rows.removeRow(id);
      return;
    }
    const isDeleted = await this.topics.releaseOutput(pipeline, async () => {
      this.failPoints.reached('delete.output_deleted', id);
      await this.rows.removeRow(id);
    });
    if (!isDeleted && topics.output) {
      const fields = { pipeline: id, topic: topics.output };
      this.logger.warn(
        fields,
        'The output topic stays: since its deletion was asked for, another pipeline has come to need it',
      );
    }
  }
}
