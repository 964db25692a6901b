import { Inject, Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { INDEX_BASE_PATTERN, type IndexBase } from '../../domain/index-base.js';
import type { Pipeline, PipelineTopics as TopicsOfPipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { INDEX_BASE_INVALID, IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import type { OldRow } from './old-row.js';
import { PipelineTopics } from './pipeline-topics.js';
import { PipelinesRepository } from './pipelines.repository.js';
import { isRunnableId } from './start-faults.js';

/**
 * Rows that an older service has left in the table get topics, tasks, what is known of their base, and a first revision;
 * then they are like any other. One that cannot be taken over is told of with its id, and keeps none of the others.
 */
@Injectable()
export class TakeOver {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly topics: PipelineTopics,
    private readonly tasks: TasksRepository,
    private readonly indexBases: IndexBaseProvider,
    private readonly names: TopicNames,
    private readonly failPoints: FailPoints,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** Repeatable at any point: the revision is given last. Rejects when a service is away, which the other rows need too. */
  async run(): Promise<void> {
    for (const row of await this.pipelines.withoutRevision()) {
      const { id } = row.pipeline;
      try {
        await this.takeOver(row);
        this.faults.end(id, { pipeline: id }, 'A pipeline of an older service could be taken over after all');
      } catch (error) {
        if (error instanceof CodedError && error.retryable) {
          throw error;
        }
        await this.report(id, error);
      }
    }
  }

  private async takeOver({ pipeline, desired, oddities, obstacle }: OldRow): Promise<void> {
    const { id } = pipeline;
    const topics = this.topicsOf(pipeline);
    await this.pipelines.nameTopics(id, topics);
    if (isRunnableId(id)) {
      await this.tasks.place(id, pipeline.deployment.parallelism);
      this.failPoints.reached('take_over.tasks_placed', id);
      // Every topic of a row is its own: there is nothing to note.
      await this.topics.make({ ...pipeline, topics }, { note: () => Promise.resolve(), made: () => undefined });
      this.failPoints.reached('take_over.topics_made', id);
    }
    const base = desired === 'running' ? await this.baseOf(pipeline) : undefined;
    const adoption = { desired, base, ...(obstacle !== '' && { status: 'close' as const, statusDetails: obstacle }) };
    await this.pipelines.adopt(id, adoption, await this.pipelines.nextRevision());
    this.failPoints.reached('take_over.adopted', id);
    const fields = { pipeline: id, desired, ...(oddities.length > 0 && { oddities }) };
    if (obstacle === '') {
      this.logger.info(fields, 'A pipeline of an older service was taken over');
    } else {
      this.logger.warn({ ...fields, cause: obstacle }, 'A pipeline of an older service was taken over closed');
    }
  }

  /** Without its base the workers would refuse every record: it waits until somebody has made it. */
  private async baseOf({ indexBase }: Pipeline): Promise<IndexBase | undefined> {
    const base = indexBase === '' ? undefined : await this.indexBases.ensure(indexBase);
    if (indexBase !== '' && !base) {
      const text = `there is no index base ${indexBase}: make it, or change the pipeline to one that exists`;
      throw new CodedError(INDEX_BASE_INVALID, text);
    }
    return base;
  }

  private async report(id: string, error: unknown): Promise<void> {
    const statusDetails = `Not taken over yet: ${error instanceof Error ? error.message : String(error)}`;
    this.faults.report(id, { err: error, pipeline: id }, 'A pipeline of an older service cannot be taken over yet');
    await this.pipelines.applyReport(id, { status: 'error', statusDetails });
  }

  private topicsOf({ id, indexBase, topics, hasOwnInputTopic }: Pipeline): TopicsOfPipeline {
    if (!isRunnableId(id)) {
      return { input: '', error: '' };
    }
    return {
      input: hasOwnInputTopic ? topics.input : this.names.input(id),
      error: this.names.error(id),
      ...(INDEX_BASE_PATTERN.test(indexBase) && { output: this.names.output(indexBase) }),
    };
  }
}
