import type { TaskId } from '../../domain/task.js';

/**
 * Keeps the tasks of a pipeline on this worker from beginning a revision while another one of them still drains the last: the
 * group would take partitions from the one that drains, and their records, already indexed, would be processed once more by
 * the newer revision.
 */
export class ChangeBarrier {
  /** By pipeline and index. */
  private readonly draining = new Map<string, Map<number, PromiseWithResolvers<void>>>();

  /** The task is about to drain. Again means nothing. */
  enter({ pipelineId, index }: TaskId): void {
    const ofPipeline = this.draining.get(pipelineId) ?? new Map<number, PromiseWithResolvers<void>>();
    this.draining.set(pipelineId, ofPipeline);
    if (!ofPipeline.has(index)) {
      ofPipeline.set(index, Promise.withResolvers<void>());
    }
  }

  /** It has drained, or goes on as it was. */
  leave({ pipelineId, index }: TaskId): void {
    const ofPipeline = this.draining.get(pipelineId);
    ofPipeline?.get(index)?.resolve();
    ofPipeline?.delete(index);
    if (ofPipeline?.size === 0) {
      this.draining.delete(pipelineId);
    }
  }

  /** Resolves when those that are in it now have left. Call it after `leave` only: two that wait inside would wait for ever. */
  async passed({ pipelineId }: TaskId): Promise<void> {
    await Promise.all([...(this.draining.get(pipelineId)?.values() ?? [])].map(({ promise }) => promise));
  }
}
