import { Inject, Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Permissions } from '../permission/permissions.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository, type UnfinishedCreate } from './create-steps.repository.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelineTopics } from './pipeline-topics.js';

/** A create whose owner has not recorded a step for this long has crashed: its calls are bounded by a fraction of it. */
const STALE_MS = 60_000;

/** Undoes creates: workers forget the tasks, the topics it made go, then the row. Repeatable at any point. */
@Injectable()
export class CreateUndo {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly steps: CreateStepsRepository,
    private readonly tasks: TasksRepository,
    private readonly topics: PipelineTopics,
    private readonly publication: PipelinePublication,
    private readonly permissions: Permissions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** Undoes the owner's create at once if it can, else leaves it to {@link undoStale}. Never rejects. */
  async afterFailure(id: string, owner: string, cause: unknown): Promise<void> {
    try {
      const create = await this.steps.beginUndo(id, owner);
      // Another wait for Kafka would only keep the caller longer.
      if (create && !(isKafkaAway(cause) && (await this.needsKafka(create)))) {
        await this.undo(create);
      }
    } catch (error) {
      this.faults.report(
        id,
        { err: error, pipeline: id },
        'A failed create could not be undone yet; the reconciler goes on',
      );
    }
  }

  /** Undoes what crashed creates and earlier attempts have left. One that fails does not keep the others. */
  async undoStale(): Promise<void> {
    for (const create of await this.steps.takeOverStale(STALE_MS)) {
      const { id } = create.pipeline;
      try {
        await this.undo(create);
        this.logger.info({ pipeline: id }, 'An unfinished create was undone');
      } catch (error) {
        this.faults.report(id, { err: error, pipeline: id }, 'An unfinished create could not be undone yet');
      }
    }
  }

  private async needsKafka({ pipeline, madeTopics }: UnfinishedCreate): Promise<boolean> {
    return madeTopics.length > 0 || (await this.tasks.placedOf(pipeline.id)).length > 0;
  }

  private async undo({ pipeline, madeTopics }: UnfinishedCreate): Promise<void> {
    // Placed tasks may have been published, also when the answer to that was lost.
    await this.publication.remove(await this.tasks.placedOf(pipeline.id));
    await this.topics.unmake(pipeline, madeTopics);
    await this.permissions.forget(pipeline.id);
    await this.tasks.remove(pipeline.id);
    await this.steps.removeRow(pipeline.id);
  }
}

function isKafkaAway(cause: unknown): boolean {
  return cause instanceof CodedError && cause.code === 'KAFKA_UNAVAILABLE';
}
