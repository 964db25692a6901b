import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CodedError } from '../../domain/coded-error.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { FailPoints } from '../../platform/fail-points/fail-points.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { ApiError } from '../errors/api-error.js';
import { DeletionSteps } from './deletion-steps.js';
import { OutputTopicUsers } from './output-topic-users.js';
import { requireVersion } from './pipeline-etag.js';
import { PipelinePublication } from './pipeline-publication.js';
import { PipelinesRepository } from './pipelines.repository.js';

/** A caller waits this long; then the deletion goes on without it. */
const CALLER_WAIT_MS = 10_000;
const POLL_MS = 200;

export interface DeleteRequest {
  id: string;
  /** Also when it is running. */
  force: boolean;
  /** The output topic goes too: refused while another pipeline needs it. */
  deletesOutput: boolean;
  /** Builtin pipelines may go. */
  mayDeleteBuiltin: boolean;
  /** Versions of the pipeline that the caller is content to delete; undefined: any. */
  versions: ReadonlySet<number> | undefined;
  account: CallerAccount;
}

/** Deletes pipelines. Each step can be repeated, so any replica goes on where another was interrupted. */
@Injectable()
export class PipelineDeletion {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly publication: PipelinePublication,
    private readonly deletion: DeletionSteps,
    private readonly outputUsers: OutputTopicUsers,
    private readonly failPoints: FailPoints,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** 'deleting' when it takes longer than 10 s, or Kafka does not answer; it then goes on by itself. */
  async delete(request: DeleteRequest): Promise<'deleted' | 'deleting'> {
    await this.markDeleting(request);
    this.failPoints.reached('delete.marked', request.id);
    return (await this.carryOut(request.id, CALLER_WAIT_MS)) ? 'deleted' : 'deleting';
  }

  /** Goes on with deletions that were interrupted; each for as long as one look takes. */
  async continueAll(): Promise<void> {
    for (const id of await this.pipelines.deleting()) {
      await this.carryOut(id, 0);
    }
  }

  private async markDeleting(request: DeleteRequest): Promise<void> {
    const users = await this.pipelines.locked(request.id, async (pipeline) => {
      requireDeletable(pipeline, request);
      // Whoever comes to need the topic later keeps it: that is looked at again when it would go.
      const inTheWay = request.deletesOutput ? await this.outputUsers.besides(pipeline) : [];
      if (inTheWay.length === 0) {
        await this.mark(pipeline, request);
      }
      return inTheWay;
    });
    if (!users) {
      throw new ApiError('NotFound.Pipeline');
    }
    if (users.length > 0) {
      throw await this.outputUsers.conflict(users, request.account);
    }
  }

  /** Asked for again it may still take the output topic with it, but not leave it any more. */
  private async mark(pipeline: Pipeline, { deletesOutput, account, versions }: DeleteRequest): Promise<void> {
    const isFirst = pipeline.desired !== 'deleting';
    if (isFirst) {
      requireVersion(pipeline, versions);
    }
    const deleteOutput = pipeline.deletesOutput || deletesOutput;
    if (isFirst || deleteOutput !== pipeline.deletesOutput) {
      await this.pipelines.applyCallerChange(pipeline.id, {
        ...{ desired: 'deleting', deleteOutput, status: 'deleting', statusDetails: '' },
        revision: isFirst ? await this.pipelines.nextRevision() : pipeline.revision,
        updateTime: Date.now(),
        updater: account,
      });
    }
  }

  /** True when it is gone. */
  private async carryOut(id: string, waitMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + waitMs;
    try {
      for (;;) {
        await this.publication.publish(id);
        this.failPoints.reached('delete.told', id);
        if (await this.deletion.finish(id)) {
          this.faults.end(id, { pipeline: id }, 'A deletion that was held up is done');
          return true;
        }
        if (performance.now() + POLL_MS > giveUpAt) {
          await this.pipelines.noteDeletion(id, this.deletion.waitsFor(id));
          return false;
        }
        await delay(POLL_MS);
      }
    } catch (error) {
      this.faults.report(id, { err: error, pipeline: id }, 'A deletion is held up; the reconciler goes on with it');
      await this.explain(id, error);
      return false;
    }
  }

  /** Readers of the pipeline see what it waits for, unless the database is what is away. */
  private async explain(id: string, error: unknown): Promise<void> {
    const reason = error instanceof CodedError ? error.message : 'see the log of the service';
    try {
      await this.pipelines.applyReport(id, { statusDetails: `Is held up, and goes on by itself: ${reason}` });
    } catch (fault) {
      this.faults.report(
        `${id} details`,
        { err: fault, pipeline: id },
        'What holds a deletion up could not be recorded',
      );
    }
  }
}

function requireDeletable(pipeline: Pipeline, { force, mayDeleteBuiltin }: DeleteRequest): void {
  if (pipeline.builtin && !mayDeleteBuiltin) {
    throw new ApiError('Forbidden', { reason: 'a builtin pipeline is deleted over the internal API only' });
  }
  if (pipeline.status === 'running' && !force) {
    throw new ApiError('Conflict.PipelineRunning');
  }
}
