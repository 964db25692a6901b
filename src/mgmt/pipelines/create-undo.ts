import { Inject, Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import { Database } from '../../platform/database/database.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { CreateStepsRepository, type UnfinishedCreate } from './create-steps.repository.js';
import { UndoSteps } from './undo-steps.js';

/** A create whose owner has not been heard of for this long is dead: a living one shows itself every few seconds. */
const STALE_MS = 20_000;

/** A create that has failed, in the eyes of the process that carried it out. */
export interface FailedCreate {
  id: string;
  owner: string;
  /** Topics that it may have made. */
  madeTopics: readonly string[];
  cause: unknown;
}

/** Undoes creates that failed here, and those that a crash has left. */
@Injectable()
export class CreateUndo {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly database: Database,
    private readonly creates: CreateStepsRepository,
    private readonly tasks: TasksRepository,
    private readonly steps: UndoSteps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** Undoes the owner's create at once if it can, else leaves it to {@link undoStale}. Never rejects. */
  async afterFailure({ id, owner, madeTopics, cause }: FailedCreate): Promise<void> {
    try {
      const create = await this.creates.beginUndo(id, owner);
      if (!create) {
        // Taken for dead, it may have made a topic after others had undone it.
        await this.steps.takeBackTopics(madeTopics);
      } else if (!(await this.wouldKeepCaller(create, cause))) {
        await this.undo(id);
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
    for (const { pipeline } of await this.creates.takeOverStale(STALE_MS)) {
      const { id } = pipeline;
      try {
        if (await this.undo(id)) {
          this.logger.info({ pipeline: id }, 'An unfinished create was undone');
        }
      } catch (error) {
        this.faults.report(id, { err: error, pipeline: id }, 'An unfinished create could not be undone yet');
      }
    }
  }

  /** Another wait for what is away would only keep the caller longer. */
  private async wouldKeepCaller({ pipeline, madeTopics }: UnfinishedCreate, cause: unknown): Promise<boolean> {
    const code = cause instanceof CodedError ? cause.code : '';
    const needsKafka = madeTopics.length > 0 || (await this.tasks.placedOf(pipeline.id)).length > 0;
    return (code === 'KAFKA_UNAVAILABLE' && needsKafka) || code === 'ServiceUnavailable.Permission';
  }

  /** True when it is gone. Under a lock, and on what is there by then: the id may be taken again once another replica is done. */
  private async undo(id: string): Promise<boolean> {
    return this.database.withLock(`undo of ${id}`, async () => {
      const create = await this.creates.unfinished(id);
      return create !== undefined && (await this.steps.carryOut(create));
    });
  }
}
