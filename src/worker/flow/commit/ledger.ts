import type { FlowBatch } from '../batch/flow-batch.js';

/**
 * What was read and is not committed, in the order of reading. An offset is committed only when every record before it
 * is final: only a prefix of final batches may be taken, and a batch holds its records of each partition in order.
 */
export class Ledger {
  private readonly batches: FlowBatch[] = [];
  private readonly final = new Set<FlowBatch>();
  /** Bytes of the records in it. */
  recordBytes = 0;

  get isEmpty(): boolean {
    return this.batches.length === 0;
  }

  [Symbol.iterator](): Iterator<FlowBatch> {
    return this.batches.values();
  }

  push(batch: FlowBatch): void {
    this.batches.push(batch);
    this.recordBytes += batch.recordBytes;
  }

  markFinal(batch: FlowBatch): void {
    this.final.add(batch);
  }

  /** The longest prefix that is final, up to about so many bytes; at least one batch when the first is final. */
  finalPrefix(maxBytes: number): FlowBatch[] {
    const prefix: FlowBatch[] = [];
    let bytes = 0;
    for (const batch of this.batches) {
      if (!this.final.has(batch) || (prefix.length > 0 && bytes + batch.recordBytes > maxBytes)) {
        break;
      }
      prefix.push(batch);
      bytes += batch.recordBytes;
    }
    return prefix;
  }

  /** Takes committed batches out; they have to be the first ones. */
  remove(prefix: readonly FlowBatch[]): void {
    for (const batch of prefix) {
      if (this.batches.shift() !== batch) {
        throw new Error('batches leave the ledger in the order in which they were read');
      }
      this.final.delete(batch);
      this.recordBytes -= batch.recordBytes;
    }
  }
}
