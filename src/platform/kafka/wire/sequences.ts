/** What a producer has written to one partition since its last settled commit. */
interface Progress {
  /** Sequence number of the first batch. */
  first: number;
  /** Records of each batch that the broker has, or may have. */
  counts: number[];
  /** How many of these batches it has acknowledged. */
  acknowledged: number;
}

const SEQUENCES = 0x80000000;

/**
 * Sequence numbers of an idempotent producer, by partition. The broker knows a batch again by its sequence number and its
 * number of records: a commit that is tried again has to send the same batches, but not those that were acknowledged.
 */
export class Sequences {
  private readonly next = new Map<string, number>();
  private readonly open = new Map<string, Progress>();

  /** Of the `batch`-th batch of this commit to a partition; undefined when the broker has acknowledged it before. */
  take(key: string, batch: number, count: number): number | undefined {
    const progress = this.open.get(key) ?? { first: this.next.get(key) ?? 0, counts: [], acknowledged: 0 };
    this.open.set(key, progress);
    progress.counts[batch] = count;
    return batch < progress.acknowledged ? undefined : after(progress, batch);
  }

  acknowledge(key: string, batch: number): void {
    const progress = this.open.get(key);
    if (progress) {
      progress.acknowledged = Math.max(progress.acknowledged, batch + 1);
    }
  }

  /** The broker has refused the batch, and with it those behind. */
  refuse(key: string, batch: number): void {
    const progress = this.open.get(key);
    if (progress) {
      progress.counts.length = Math.min(progress.counts.length, batch);
    }
  }

  /** True when these batches (their record counts, by partition) begin with all that an unsettled commit has written. */
  isContinuedBy(batches: ReadonlyMap<string, readonly number[]>): boolean {
    return this.open
      .entries()
      .every(([key, { counts }]) => counts.every((count, batch) => batches.get(key)?.[batch] === count));
  }

  /** The commit is complete: the next one goes on behind it. */
  settle(): void {
    for (const [key, progress] of this.open) {
      this.next.set(key, after(progress, progress.counts.length));
    }
    this.open.clear();
  }

  /** A new identity starts at zero. */
  reset(): void {
    this.next.clear();
    this.open.clear();
  }
}

/** The sequence number behind the first `batches` of them. */
function after({ first, counts }: Progress, batches: number): number {
  return counts.slice(0, batches).reduce((sum, count) => sum + count, first) % SEQUENCES;
}
