import { Inject, Injectable } from '@nestjs/common';
import type { Pipeline, PipelineTopics as TopicsOfPipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { PipelineTopics } from './pipeline-topics.js';
import { PipelinesRepository } from './pipelines.repository.js';

/** Rows that an older service has left in the table get topics, tasks and a first revision; then they are like any other. */
@Injectable()
export class TakeOver {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly topics: PipelineTopics,
    private readonly tasks: TasksRepository,
    private readonly names: TopicNames,
    private readonly failPoints: FailPoints,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Repeatable at any point: the revision is given last. */
  async run(): Promise<void> {
    for (const pipeline of await this.pipelines.withoutRevision()) {
      const topics = this.topicsOf(pipeline);
      await this.topics.adapt({ ...pipeline, topics });
      this.failPoints.reached('take_over.topics_made', pipeline.id);
      await this.tasks.place(pipeline.id, pipeline.deployment.parallelism);
      this.failPoints.reached('take_over.tasks_placed', pipeline.id);
      await this.pipelines.adopt(pipeline.id, topics, await this.pipelines.nextRevision());
      this.failPoints.reached('take_over.adopted', pipeline.id);
      this.logger.info({ pipeline: pipeline.id }, 'A pipeline of an older service was taken over');
    }
  }

  private topicsOf({ id, indexBase }: Pipeline): TopicsOfPipeline {
    return {
      input: this.names.input(id),
      error: this.names.error(id),
      ...(indexBase !== '' && { output: this.names.output(indexBase) }),
    };
  }
}
