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
  /** What is in the transaction under way. */
  private group: readonly FlowBatch[] = [];
  /** Partition → next offset, as committed by this task. */
  readonly committed = new Map<number, number>();
  /** Partition → epoch ms of the last record that this task has committed. */
  readonly committedTimestamps = new Map<number, number>();

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
    for (const batch of this.ledger) {
      const lost = batch.lose(isLost);
      // What a transaction has taken may be committed all the same: it is counted when its end is known.
      if (!this.group.includes(batch)) {
        batch.givenBack += lost;
        this.metrics.giveBack(lost);
      }
    }
    for (const partition of [...this.committed.keys()].filter(isLost)) {
      this.committed.delete(partition);
      this.committedTimestamps.delete(partition);
    }
  }

  /** Partition → epoch ms of its first record that is read and not committed. */
  firstTimestamps(): Map<number, number> {
    const first = new Map<number, number>();
    for (const batch of this.ledger) {
      batch.addFirstTimestamps(first);
    }
    return first;
  }

  markFinal(batch: FlowBatch): void {
    const oldest = batch.oldestTimestamp();
    if (oldest !== undefined) {
      this.metrics.observeRecordAge(Math.max(0, Date.now() - oldest) / 1000);
    }
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
      this.group = group;
      await this.committer.commit(group, this.signal);
      this.group = [];
      this.ledger.remove(group);
      for (const batch of group) {
        this.count(batch);
        this.recycle(batch);
      }
      this.listener.onCommitted();
    }
  }

  /** By what the transaction took: a record that was lost meanwhile is committed, and nobody will read it again. */
  private count(batch: FlowBatch): void {
    let lost = 0;
    for (let item = 0; item < batch.count; item++) {
      const outcome = batch.sealedState(item);
      if (outcome === ItemState.Lost) {
        lost++;
      } else {
        this.metrics.finish(outcome, outcome === ItemState.Rejected ? batch.rejections.get(item) : undefined);
      }
    }
    this.metrics.giveBack(lost - batch.givenBack);
    batch.setLastTimestamps(this.committedTimestamps);
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
