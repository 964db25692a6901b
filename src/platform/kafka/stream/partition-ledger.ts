import type { LedgerEntry } from './ledger-entry.js';

/** How many committed entries may wait to be given back to the memory. */
const COMPACT_AT = 1024;

/** What was read of one partition and is not committed, in the order of its offsets. */
export class PartitionLedger {
  private held: LedgerEntry[] = [];
  private head = 0;
  /** Behind what was read. */
  readOffset = -1;
  private committedOffset = -1;

  add(entry: LedgerEntry): void {
    this.held.push(entry);
    this.readOffset = entry.message.offset + 1;
    if (this.committedOffset < 0) {
      this.committedOffset = entry.message.offset;
    }
  }

  entries(): LedgerEntry[] {
    return this.held.slice(this.head);
  }

  /** The first entries, as far as they have settled, up to about so many bytes. */
  settledPrefix(maxBytes: number): LedgerEntry[] {
    const prefix: LedgerEntry[] = [];
    let bytes = 0;
    for (let at = this.head; at < this.held.length && bytes < maxBytes; at++) {
      const entry = this.held[at] as LedgerEntry;
      if (entry.phase !== 'settled') {
        break;
      }
      prefix.push(entry);
      bytes += entry.byteLength;
    }
    return prefix;
  }

  /** The next offset once so many of the first entries are committed; undefined when that says nothing new. */
  offsetAfter(count: number): number | undefined {
    const following = this.held[this.head + count];
    const offset = following ? following.message.offset : this.readOffset;
    return offset > this.committedOffset ? offset : undefined;
  }

  committed(count: number, nextOffset: number): void {
    this.head += count;
    this.committedOffset = nextOffset;
    if (this.head === this.held.length || this.head >= COMPACT_AT) {
      this.held = this.held.slice(this.head);
      this.head = 0;
    }
  }
}
