import { Injectable } from '@nestjs/common';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { Permissions } from '../permission/permissions.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository, type UnfinishedCreate } from './create-steps.repository.js';
import { PipelinePublication } from './pipeline-publication.js';
import { TopicRemoval } from './topic-removal.js';

/** What takes a create back: workers forget the tasks, then group, topics, policy, task rows and row go. Repeatable at any point. */
@Injectable()
export class UndoSteps {
  constructor(
    private readonly creates: CreateStepsRepository,
    private readonly tasks: TasksRepository,
    private readonly topics: TopicRemoval,
    private readonly publication: PipelinePublication,
    private readonly permissions: Permissions,
    private readonly failPoints: FailPoints,
  ) {}

  /** False while tasks that were told of the pipeline have not stopped yet. */
  async carryOut({ pipeline, madeTopics }: UnfinishedCreate): Promise<boolean> {
    const { id } = pipeline;
    if (!(await this.stopTasks(id))) {
      return false;
    }
    await this.topics.unmake(pipeline, madeTopics);
    this.failPoints.reached('undo.topics_deleted', id);
    await this.permissions.forget(id);
    this.failPoints.reached('undo.policy_removed', id);
    await this.tasks.remove(id);
    this.failPoints.reached('undo.tasks_removed', id);
    await this.creates.removeRow(id);
    this.failPoints.reached('undo.row_removed', id);
    return true;
  }

  /** Deletes what a create made after it had been undone. */
  async takeBackTopics(topics: readonly string[]): Promise<void> {
    await this.topics.deleteUnnamed(topics);
  }

  private async stopTasks(id: string): Promise<boolean> {
    const placed = await this.tasks.placedOf(id);
    if (placed.length === 0) {
      return true;
    }
    // Placed tasks may have been published, also when the answer to that was lost.
    await this.publication.remove(placed);
    this.failPoints.reached('undo.told', id);
    const isStopped = await this.topics.deleteGroup(id);
    if (isStopped) {
      this.failPoints.reached('undo.group_deleted', id);
    }
    return isStopped;
  }
}
