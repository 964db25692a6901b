import type { OutgoingBatches } from './outgoing-batches.js';

/** Who commits: the broker refuses offsets of an older generation of the group. */
export interface GroupMember {
  groupId: string;
  generationId: number;
  memberId: string;
}

export interface OffsetCommit {
  topic: string;
  partition: number;
  /** The next offset to fetch. */
  offset: number;
  /** Kept beside the offset; see the topic id in GroupOffsets. */
  metadata: string;
}

/**
 * Writes records and the offsets that they stand for. One call at a time. After a commit threw, call `recover` before the
 * next one. When the fault came so late that the commit may have taken place (`isOutcomeUnknown`), the offsets of the group
 * tell whether it did.
 */
export interface CommitProducer {
  readonly isOutcomeUnknown: boolean;
  /** Before the first commit. */
  initialise(): Promise<void>;
  recover(): Promise<void>;
  /** Resolves when everything is committed. `offsets` are for the group of `member`. */
  commit(batches: OutgoingBatches, offsets: readonly OffsetCommit[], member: GroupMember): Promise<void>;
  /** After `recover`: the last commit, whose outcome was unknown, has taken place; the next one is about other records. */
  confirm(): void;
}
