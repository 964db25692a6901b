import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Account } from '../../domain/pipeline.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { ApiError } from '../errors/api-error.js';
import { DeletionSteps } from './deletion-steps.js';
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
  /** Builtin pipelines may go. */
  mayDeleteBuiltin: boolean;
  /** Versions of the pipeline that the caller is content to delete; undefined: any. */
  versions: ReadonlySet<number> | undefined;
  account: Account;
}

/** Deletes pipelines. Each step can be repeated, so any replica goes on where another was interrupted. */
@Injectable()
export class PipelineDeletion {
  private readonly faults: RepeatingFault;

  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly publication: PipelinePublication,
    private readonly deletion: DeletionSteps,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** 'deleting' when it takes longer than 10 s, or Kafka does not answer; it then goes on by itself. */
  async delete(request: DeleteRequest): Promise<'deleted' | 'deleting'> {
    await this.markDeleting(request);
    return (await this.carryOut(request.id, CALLER_WAIT_MS)) ? 'deleted' : 'deleting';
  }

  /** Goes on with deletions that were interrupted; each for as long as one look takes. */
  async continueAll(): Promise<void> {
    for (const id of await this.pipelines.deleting()) {
      await this.carryOut(id, 0);
    }
  }

  private async markDeleting({ id, force, mayDeleteBuiltin, account, versions }: DeleteRequest): Promise<void> {
    const found = await this.pipelines.locked(id, async (pipeline) => {
      if (pipeline.builtin && !mayDeleteBuiltin) {
        throw new ApiError('Forbidden', { reason: 'a builtin pipeline is deleted over the internal API only' });
      }
      if (pipeline.status === 'running' && !force) {
        throw new ApiError('Conflict.PipelineRunning');
      }
      if (pipeline.desired !== 'deleting') {
        requireVersion(pipeline, versions);
        await this.pipelines.applyCallerChange(id, {
          ...{ desired: 'deleting', status: 'deleting', statusDetails: '' },
          revision: await this.pipelines.nextRevision(),
          updateTime: Date.now(),
          updater: account,
        });
      }
      return true;
    });
    if (!found) {
      throw new ApiError('NotFound.Pipeline');
    }
  }

  /** True when it is gone. */
  private async carryOut(id: string, waitMs: number): Promise<boolean> {
    const giveUpAt = performance.now() + waitMs;
    try {
      for (;;) {
        await this.publication.publish(id);
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
      return false;
    }
  }
}
