import { type AbortedTransaction, RecordCursor } from './record-cursor.js';

export interface PeekedRecord {
  partition: number;
  offset: number;
  /** Epoch ms; -1 when it has none. */
  timestamp: number;
  /** Null: a tombstone. */
  value: Buffer | null;
  /** Size of its key and headers. */
  extraBytes: number;
}

export interface PeekRange {
  /** The first offset that there is. */
  start: number;
  /** The offset behind the last one. */
  end: number;
  /** More records than that are not kept. */
  count: number;
}

/** Windows grow: a first one of many large records would use up the limits before the newest is reached. */
const GROWTH = 4;

/** What is read of one partition, from its end backwards in windows; each is read forwards. */
export class PeekedPartition {
  /** Oldest first. */
  records: PeekedRecord[] = [];
  /** Where the next fetch of the window starts. */
  position: number;

  private from: number;
  private to: number;
  private window = 1;
  private inWindow: PeekedRecord[] = [];

  constructor(
    readonly partition: number,
    private readonly range: PeekRange,
  ) {
    this.from = range.end;
    this.to = range.end;
    this.position = range.end;
  }

  /** Nothing of it is left to be read. */
  get isExhausted(): boolean {
    return this.from <= this.range.start || this.records.length >= this.range.count;
  }

  /** The window is read. */
  get isRead(): boolean {
    return this.position >= this.to;
  }

  /** What comes before is at most as new, as far as producers tell the time in order. */
  get oldestTimestamp(): number {
    return this.records[0]?.timestamp ?? Infinity;
  }

  /** Turns to the offsets before those that were read, more each time: some may hold no record. */
  widen(): void {
    this.to = this.from;
    this.from = Math.max(this.range.start, this.from - this.window);
    this.position = this.from;
    this.window *= GROWTH;
  }

  /** Takes in what was fetched from `position` on. Throws a KafkaFault on bytes that cannot be trusted. */
  take(fetched: Buffer, aborted: readonly AbortedTransaction[], maxDecompressedBytes: number): void {
    const cursor = new RecordCursor(fetched, this.position, aborted, { maxDecompressedBytes });
    while (cursor.next() && cursor.offset < this.to) {
      this.inWindow.push(this.recordAt(cursor));
    }
    this.position = Math.max(this.position, cursor.nextOffset);
    if (this.isRead) {
      this.close();
    }
  }

  /** Nothing comes any more up to the end of the window. */
  close(): void {
    this.position = this.to;
    this.records = [...this.inWindow, ...this.records].slice(-this.range.count);
    this.inWindow = [];
  }

  /** A copy: the fetched bytes hold many more records. */
  private recordAt(cursor: RecordCursor): PeekedRecord {
    const { offset, timestamp } = cursor;
    const value = cursor.value();
    return {
      ...{ partition: this.partition, offset, timestamp },
      value: value && Buffer.from(value),
      extraBytes: cursor.recordEnd - cursor.recordStart - (value?.length ?? 0),
    };
  }
}
