import type { LedgerEntry } from './ledger-entry.js';
import type { PartitionLedger } from './partition-ledger.js';

/** What of one partition goes into a commit. */
interface Taken {
  readonly partition: number;
  readonly ledger: PartitionLedger;
  readonly entries: readonly LedgerEntry[];
  readonly nextOffset: number;
}

/** Settled messages that are committed together, with what is written for them. */
export class SettledGroup {
  taken: Taken[] = [];
  byteLength = 0;

  get isEmpty(): boolean {
    return this.taken.length === 0;
  }

  take(partition: number, ledger: PartitionLedger, maxBytes: number): void {
    const entries = ledger.settledPrefix(maxBytes - this.byteLength);
    const nextOffset = ledger.offsetAfter(entries.length);
    if (nextOffset !== undefined) {
      this.taken.push({ partition, ledger, entries, nextOffset });
      this.byteLength += entries.reduce((sum, entry) => sum + entry.byteLength, 0);
    }
  }

  /** Every settled message of the group, those of one partition in order. */
  entries(): LedgerEntry[] {
    return this.taken.flatMap(({ entries }) => entries);
  }

  lose(isLost: (partition: number) => boolean): void {
    this.taken = this.taken.filter(({ partition }) => !isLost(partition));
  }
}
