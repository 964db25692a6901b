import { Inject, Injectable } from '@nestjs/common';
import { DesiredStatePublisher } from '../../control/desired-state-publisher.js';
import { CodedError } from '../../domain/coded-error.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { INDEX_BASE_INVALID, IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { PlacedTask } from '../tasks/placed-task.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { desiredTask } from './desired-tasks.js';
import { type Publication, PublicationsRepository } from './publications.repository.js';

/**
 * Tells the workers what should run. It is done under the lock of the pipeline's row, so that two replicas cannot tell
 * two revisions in the wrong order.
 */
@Injectable()
export class PipelinePublication {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly publications: PublicationsRepository,
    private readonly tasks: TasksRepository,
    private readonly publisher: DesiredStatePublisher,
    private readonly indexBases: IndexBaseProvider,
    private readonly names: TopicNames,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** The last step of a create. False when another replica has taken the create over. */
  async publishCreated(id: string, owner: string): Promise<boolean> {
    return this.publications.publishCreated(id, owner, (publication) => this.tell(publication));
  }

  /** Does nothing when the workers know the last revision. */
  async publish(id: string): Promise<void> {
    await this.publications.publishLocked(id, (publication) => this.tell(publication));
  }

  /** As {@link publish}. While Kafka does not answer the change stands all the same: the reconciler tells the workers then. */
  async publishSoon(id: string): Promise<void> {
    try {
      await this.publish(id);
      this.faults.end(id, { pipeline: id }, 'The workers are told again');
    } catch (error) {
      this.faults.report(
        id,
        { err: error, pipeline: id },
        'The workers could not be told yet; the reconciler tells them',
      );
    }
  }

  /** Tells the workers every change that they do not know. Rejects when a service is away; one pipeline holds up no other. */
  async publishBehind(): Promise<void> {
    for (const id of await this.publications.behind()) {
      try {
        await this.publish(id);
        this.faults.end(id, { pipeline: id }, 'The workers are told again');
      } catch (error) {
        if (error instanceof CodedError && error.retryable) {
          throw error;
        }
        this.faults.report(id, { err: error, pipeline: id }, 'The workers cannot be told; the reconciler tries again');
      }
    }
  }

  /** Makes the workers forget these tasks. */
  async remove(tasks: readonly PlacedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.publisher.remove(task, task.slot)));
  }

  /** Tasks beyond the parallelism are forgotten by the workers, and by us only once these have been told. */
  private async tell({ pipeline, base }: Publication): Promise<void> {
    const placed = await this.tasks.placedOf(pipeline.id);
    const { parallelism } = pipeline.deployment;
    const wanted = placed.filter(({ index }) => index < parallelism);
    const known = base ?? (await this.baseOf(pipeline));
    await this.remove(placed.filter(({ index }) => index >= parallelism));
    await Promise.all(
      wanted.map((task) => this.publisher.publish(desiredTask(pipeline, task, known, this.names), task.slot)),
    );
    await this.tasks.removeBeyond(pipeline.id, parallelism);
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
