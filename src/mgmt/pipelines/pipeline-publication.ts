import { Inject, Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { PlacedTask } from '../tasks/placed-task.js';
import { PublicationsRepository } from './publications.repository.js';
import { WorkerAnnouncer } from './worker-announcer.js';

/**
 * Tells the workers what should run. It is done under the lock of the pipeline's row, so that two replicas cannot tell
 * two revisions in the wrong order.
 */
@Injectable()
export class PipelinePublication {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly publications: PublicationsRepository,
    private readonly workers: WorkerAnnouncer,
    private readonly failPoints: FailPoints,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** The last step of a create. False when another replica has taken the create over. */
  async publishCreated(id: string, owner: string): Promise<boolean> {
    return this.publications.publishCreated(id, owner, async (publication) => {
      await this.workers.tell(publication);
      this.failPoints.reached('create.told', id);
    });
  }

  /** Does nothing when the workers know the last revision. */
  async publish(id: string): Promise<void> {
    // For good before anybody is told: a slot that was told and then forgotten would keep its task for ever.
    const isAdapted = await this.publications.adaptLocked(id, (pipeline) => this.workers.adapt(pipeline));
    await this.publications.publishLocked(id, async (publication) => {
      await this.workers.tell(publication);
      if (isAdapted) {
        this.failPoints.reached('update.told', id);
      }
    });
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
    await this.workers.forget(tasks);
  }
}
