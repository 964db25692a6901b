import { taskKey, type TaskId } from '../domain/task.js';
import type { DesiredTask } from './desired-task.js';

/** The last word on one task: what is desired of it, or that it is gone. */
export type TaskWord = { task: DesiredTask } | { removed: TaskId };

/** Two answers without a record, and none with one between them: there is nothing more to read, whatever the offsets say. */
const EMPTY_FETCHES_AT_END = 2;

/**
 * One partition of the control topic from its start to the end offset noted at assignment. Until then the past goes by,
 * word after word; only the last word on each task counts, so words are kept here instead of being acted on.
 */
export class PartitionReplay {
  private readonly words = new Map<string, TaskWord>();
  private nextOffset = 0n;
  private endOffset: bigint | undefined;
  private emptyFetches = 0;

  /** The end offset, as it was when the partition was assigned. */
  noteEnd(endOffset: bigint): void {
    this.endOffset = endOffset;
    // What was empty before may have got a record since, which the end offset counts.
    this.emptyFetches = 0;
  }

  /** A later word replaces an earlier one; a lower revision never replaces a higher one. */
  keep(word: TaskWord): void {
    const key = taskKey('task' in word ? word.task : word.removed);
    const known = this.words.get(key);
    if ('task' in word && known && 'task' in known && known.task.revision > word.task.revision) {
      return;
    }
    this.words.set(key, word);
  }

  /** All before this offset was read. */
  passed(nextOffset: bigint): void {
    this.nextOffset = nextOffset;
    this.emptyFetches = 0;
  }

  /** Another partition had records: an empty answer for this one may have been for lack of room in the response. */
  othersHadRecords(): void {
    this.emptyFetches = 0;
  }

  emptyFetch(): void {
    this.emptyFetches += 1;
  }

  /**
   * The end is reached, also when it lies in a hole: the last records may be gone by compaction, and then the offset before
   * the end is never read.
   */
  get isComplete(): boolean {
    return (
      this.endOffset !== undefined && (this.nextOffset >= this.endOffset || this.emptyFetches >= EMPTY_FETCHES_AT_END)
    );
  }

  /** One word for each task. */
  drain(): TaskWord[] {
    const words = [...this.words.values()];
    this.words.clear();
    return words;
  }
}
