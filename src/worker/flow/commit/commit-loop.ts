import { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';
import type { FlowMetrics } from '../flow-metrics.js';
import type { Committer } from './committer.js';
import { Ledger } from './ledger.js';

export interface CommitLoopListener {
  /** Room was made: something is committed. */
  onCommitted(): void;
  onFailure(error: unknown): void;
}

export interface CommitLoopOptions {
  /** Bytes of records that one transaction takes, about. */
  maxGroupBytes: number;
}

const SPARE_BATCHES = 3;

/**
 * Group commit: while one transaction is under way, what becomes final gathers for the next one. Batches are reused
 * once they are committed.
 */
export class CommitLoop {
  private readonly ledger = new Ledger();
  private readonly spare: FlowBatch[] = [];
  private isCommitting = false;
  /** Epoch ms of the newest committed record; 0 before the first. */
  lastRecordTimestamp = 0;
  /** Partition → next offset, as committed by this task. */
  readonly committed = new Map<number, number>();

  constructor(
    private readonly committer: Committer,
    private readonly metrics: FlowMetrics,
    private readonly listener: CommitLoopListener,
    private readonly options: CommitLoopOptions,
    private readonly signal: AbortSignal,
  ) {}

  get isEmpty(): boolean {
    return this.ledger.isEmpty;
  }

  get bufferedBytes(): number {
    return this.ledger.recordBytes;
  }

  takeBatch(): FlowBatch {
    return this.spare.pop() ?? new FlowBatch();
  }

  /** Lets go of what is kept for reuse: a pipeline at rest costs next to nothing. */
  trim(): void {
    this.spare.length = 0;
  }

  push(batch: FlowBatch): void {
    this.ledger.push(batch);
  }

  lose(isLost: (partition: number) => boolean): void {
    this.ledger.lose(isLost);
    for (const partition of [...this.committed.keys()].filter(isLost)) {
      this.committed.delete(partition);
    }
  }

  markFinal(batch: FlowBatch): void {
    this.ledger.markFinal(batch);
    this.start();
  }

  private start(): void {
    if (this.isCommitting) {
      return;
    }
    this.isCommitting = true;
    this.commitAll().catch((error: unknown) => this.listener.onFailure(error));
  }

  private async commitAll(): Promise<void> {
    for (;;) {
      const group = this.ledger.finalPrefix(this.options.maxGroupBytes);
      if (group.length === 0) {
        // In the same turn as the look at the ledger: what becomes final later starts the loop again.
        this.isCommitting = false;
        return;
      }
      await this.committer.commit(group, this.signal);
      this.ledger.remove(group);
      for (const batch of group) {
        this.count(batch);
        this.recycle(batch);
      }
      this.listener.onCommitted();
    }
  }

  private count(batch: FlowBatch): void {
    const { metrics } = this;
    // Counted when they are final, not when they are read: what was read and lost again is the next holder's to count.
    metrics.recordsIn += batch.count;
    metrics.bytesIn += batch.recordBytes;
    for (let item = 0; item < batch.count; item++) {
      const state = batch.state(item);
      switch (state) {
        case ItemState.Indexed:
          metrics.indexed++;
          metrics.forwarded++;
          break;
        case ItemState.Superseded:
          metrics.superseded++;
          metrics.forwarded++;
          break;
        case ItemState.Rejected: {
          const rejection = batch.rejections.get(item);
          metrics.reject(rejection?.stage ?? '', rejection?.code ?? '');
          break;
        }
        case ItemState.Skipped:
          metrics.skipped++;
          break;
        case ItemState.Dropped:
          metrics.dropped++;
          break;
        case ItemState.Lost:
          // Whoever has the partition now counts it.
          metrics.recordsIn--;
          break;
        case ItemState.Pending:
          throw new Error('a record without an outcome was committed');
      }
    }
    if (batch.count > 0) {
      this.lastRecordTimestamp = batch.timestamp(batch.count - 1);
    }
    for (const [partition, offset] of batch.nextOffsets) {
      this.committed.set(partition, offset);
    }
  }

  private recycle(batch: FlowBatch): void {
    if (this.spare.length < SPARE_BATCHES) {
      batch.reset();
      this.spare.push(batch);
    }
  }
}
