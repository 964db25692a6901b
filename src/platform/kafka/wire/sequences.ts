/** What a batch holds, as far as a retry has to know: batches with the same content have the same. */
export interface BatchContent {
  /** Records in it. */
  count: number;
  /** Of where its records came from. */
  digest: number;
}

interface SentBatch extends BatchContent {
  /** Of its first record. */
  sequence: number;
}

/** What a producer has written to one partition since its last settled commit. */
interface Progress {
  /** Batches that the broker has, or may have, in order. */
  batches: SentBatch[];
  /** How many of them it has acknowledged. */
  acknowledged: number;
  /** Of the next record that it has not seen. */
  next: number;
}

const SEQUENCES = 0x80000000;

/**
 * Sequence numbers of an idempotent producer, by partition. The broker knows a batch again by its sequence number and its
 * number of records, not by its content: a commit that is tried again has to send the same batches under the same numbers,
 * but not those that were acknowledged. One whose content has changed meanwhile must never pass for one that was sent.
 */
export class Sequences {
  private readonly settled = new Map<string, number>();
  private readonly open = new Map<string, Progress>();

  /**
   * Before a commit, and before it is tried again: whether it can go on under this identity with these batches, in the
   * order in which they will be sent. False when the broker may have a batch that is not among them: only a new identity
   * makes sure then that nothing is taken for it. Batches that were acknowledged and are not among them stay where they are,
   * and numbers go on behind them.
   */
  resume(batches: ReadonlyMap<string, readonly BatchContent[]>): boolean {
    const changes = [...this.open].map(([key, progress]) => {
      const same = commonStart(progress.batches, batches.get(key) ?? []);
      return { progress, same, isKnown: same === progress.batches.length || isAllKnown(progress) };
    });
    if (!changes.every(({ isKnown }) => isKnown)) {
      return false;
    }
    for (const { progress, same } of changes) {
      progress.batches.length = same;
      progress.acknowledged = Math.min(progress.acknowledged, same);
    }
    return true;
  }

  /** Of the batch at this position of the commit; undefined when the broker has acknowledged it before. */
  take(key: string, position: number, content: BatchContent): number | undefined {
    const progress = this.open.get(key) ?? { batches: [], acknowledged: 0, next: this.settled.get(key) ?? 0 };
    this.open.set(key, progress);
    if (position < progress.acknowledged) {
      return undefined;
    }
    const sent = progress.batches[position];
    if (sent) {
      return sent.sequence;
    }
    const sequence = progress.next;
    progress.batches.push({ ...content, sequence });
    progress.next = (sequence + content.count) % SEQUENCES;
    return sequence;
  }

  /** Counts only behind the one before it: what follows a batch of unknown fate is sent again with it, which does no harm. */
  acknowledge(key: string, position: number): void {
    const progress = this.open.get(key);
    if (progress?.acknowledged === position) {
      progress.acknowledged++;
    }
  }

  /** The broker certainly has neither the batch nor any behind it: their numbers are free again. */
  refuse(key: string, position: number): void {
    const progress = this.open.get(key);
    const refused = progress?.batches[position];
    if (progress && refused) {
      progress.next = refused.sequence;
      progress.batches.length = position;
    }
  }

  /** The commit is complete: the next one goes on behind it. */
  settle(): void {
    for (const [key, { next }] of this.open) {
      this.settled.set(key, next);
    }
    this.open.clear();
  }

  /** A new identity starts at zero. */
  reset(): void {
    this.settled.clear();
    this.open.clear();
  }
}

function isAllKnown({ batches, acknowledged }: Progress): boolean {
  return acknowledged >= batches.length;
}

/** How many of the first batches are the same. */
function commonStart(sent: readonly BatchContent[], wanted: readonly BatchContent[]): number {
  const differing = sent.findIndex(
    ({ count, digest }, position) => wanted[position]?.count !== count || wanted[position]?.digest !== digest,
  );
  return differing === -1 ? sent.length : differing;
}
