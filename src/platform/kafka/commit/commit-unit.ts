import type { RecordRefused } from '../wire/leader-writer.js';
import type { BatchLimits, OutgoingBatches } from '../wire/outgoing-batches.js';

/**
 * What was put in the place of a record that Kafka takes in no batch: another one elsewhere (or nothing), or the same one,
 * cut down.
 */
export type Replacement = 'moved' | 'shortened';

/** What one commit makes lasting. It is asked anew for each attempt, because partitions may be lost between two. */
export interface CommitUnit {
  /** Partition → next offset, of what is still held; empty when nothing is left to commit. */
  nextOffsets(): ReadonlyMap<number, number>;
  /** Those that `encode` writes to, or may write to; they are looked up before. */
  topics(): readonly string[];
  /** The same records in the same order each time, but for what was lost or replaced meanwhile. */
  encode(limits: BatchLimits): OutgoingBatches;
  /** Records that `encode` would add now. */
  count(): number;
  /** An attempt begins: what is lost from here on may be committed all the same. */
  seal(): void;
  /** Gives up the record at the place that the refusal names. Throws when that cannot be done: then the commit fails. */
  replace(refused: RecordRefused): Replacement;
  /** Hears of each attempt; what it answers hears of its end, with the code of the fault when there was one. */
  watch?(): ((faultCode?: string) => void) | undefined;
}
