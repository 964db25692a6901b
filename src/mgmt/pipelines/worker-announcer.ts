import { Injectable } from '@nestjs/common';
import { DesiredStatePublisher } from '../../control/desired-state-publisher.js';
import { CodedError } from '../../domain/coded-error.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { INDEX_BASE_INVALID, IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import type { PlacedTask } from '../tasks/placed-task.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { desiredTask } from './desired-tasks.js';
import { PipelineTopics } from './pipeline-topics.js';
import type { Publication } from './publications.repository.js';

/** Brings about what a row says, and tells the workers. Everything is repeatable: a crash in between is gone over again. */
@Injectable()
export class WorkerAnnouncer {
  constructor(
    private readonly tasks: TasksRepository,
    private readonly topics: PipelineTopics,
    private readonly publisher: DesiredStatePublisher,
    private readonly indexBases: IndexBaseProvider,
    private readonly names: TopicNames,
    private readonly failPoints: FailPoints,
  ) {}

  /** Topics and tasks follow a change. What is being deleted needs them no more. */
  async adapt(pipeline: Pipeline): Promise<void> {
    if (pipeline.desired === 'deleting') {
      return;
    }
    await this.topics.adapt(pipeline);
    this.failPoints.reached('update.topics_adapted', pipeline.id);
    await this.tasks.place(pipeline.id, pipeline.deployment.parallelism);
    this.failPoints.reached('update.tasks_placed', pipeline.id);
  }

  /** Tasks beyond the parallelism are forgotten by the workers, and by us only once these have been told. */
  async tell({ pipeline, base }: Publication): Promise<void> {
    const placed = await this.tasks.placedOf(pipeline.id);
    const { parallelism } = pipeline.deployment;
    const wanted = placed.filter(({ index }) => index < parallelism);
    const known = base ?? (await this.baseOf(pipeline));
    await this.forget(placed.filter(({ index }) => index >= parallelism));
    await Promise.all(
      wanted.map((task) => this.publisher.publish(desiredTask(pipeline, task, known, this.names), task.slot)),
    );
    await this.tasks.removeBeyond(pipeline.id, parallelism);
  }

  /** Makes the workers forget these tasks. */
  async forget(tasks: readonly PlacedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.publisher.remove(task, task.slot)));
  }

  /** Of one that was taken over closed. Without their base the workers would refuse every record, so they are not told. */
  private async baseOf({ id, indexBase, desired }: Pipeline): Promise<IndexBase | undefined> {
    const base = indexBase === '' ? undefined : await this.indexBases.get(indexBase);
    if (indexBase !== '' && !base && desired === 'running') {
      throw new CodedError(INDEX_BASE_INVALID, `Pipeline ${id} cannot run: there is no index base ${indexBase}`);
    }
    return base;
  }
}
