/** From this record of a partition on, a batch holds at most so many. */
interface LimitFrom {
  firstIndex: number;
  maxRecords: number;
}

interface RefusedBatch {
  topic: string;
  partition: number;
  firstIndex: number;
  count: number;
}

/**
 * How many records a batch may hold while a refused one is looked for: half of the refused batch, and half again, until the
 * culprit stands alone. Batches before the refused one stay as they were, so that those that were acknowledged outside of a
 * transaction are known again.
 */
export class RecordLimits {
  private readonly byPartition = new Map<string, LimitFrom[]>();

  maxRecordsOf(topic: string, partition: number, firstIndex: number): number {
    const limits = this.byPartition.get(keyOf(topic, partition));
    return limits?.findLast((limit) => limit.firstIndex <= firstIndex)?.maxRecords ?? Infinity;
  }

  halve({ topic, partition, firstIndex, count }: RefusedBatch): void {
    this.set(topic, partition, firstIndex, Math.ceil(count / 2));
  }

  /** The culprit is found: batches are as large as they can be again from this record on. */
  lift(topic: string, partition: number, firstIndex: number): void {
    this.set(topic, partition, firstIndex, Infinity);
  }

  clear(): void {
    this.byPartition.clear();
  }

  private set(topic: string, partition: number, firstIndex: number, maxRecords: number): void {
    const key = keyOf(topic, partition);
    const before = (this.byPartition.get(key) ?? []).filter((limit) => limit.firstIndex < firstIndex);
    this.byPartition.set(key, [...before, { firstIndex, maxRecords }]);
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
