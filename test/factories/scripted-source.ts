import type { KafkaFault } from '../../src/platform/kafka/wire/kafka-fault.js';
import { offsetBehind } from '../../src/platform/kafka/source/batch-ends.js';
import type { PartitionSource, SourceChunk } from '../../src/platform/kafka/source/partition-source.js';

const TOPIC_FIELDS = { errorCode: 0, highWatermark: 0, lastStableOffset: 0, logStartOffset: 0, aborted: [] };

/** The input topic as a flow meets it: batches in memory, partitions that come and go. */
export class ScriptedSource {
  /** What each poll was allowed to bring. */
  readonly asked: number[] = [];
  joins = 0;
  /** Thrown by the following polls and joins, one each. */
  pollFaults: KafkaFault[] = [];
  joinFaults: KafkaFault[] = [];
  hasEnded = false;
  /** The group is about to share the partitions out anew. */
  isSettling = false;
  private readonly batches = new Map<number, Buffer[]>();
  private readonly positions = new Map<number, number>();
  private readonly leases = new Map<number, number>();
  private leaseCounter = 0;

  /** Assigns a partition (anew), to be read from an offset. */
  assign(partition: number, offset = 0): void {
    this.leases.set(partition, ++this.leaseCounter);
    this.positions.set(partition, offset);
  }

  revoke(partition: number): void {
    this.leases.delete(partition);
    this.positions.delete(partition);
  }

  /** Adds batches to the log of a partition, and assigns it when nobody did. */
  add(partition: number, ...batches: Buffer[]): void {
    this.batches.set(partition, [...(this.batches.get(partition) ?? []), ...batches]);
    if (!this.leases.has(partition)) {
      this.assign(partition);
    }
  }

  get source(): PartitionSource {
    const [hasEnded, isSettling] = [() => this.hasEnded, () => this.isSettling];
    const port: Pick<PartitionSource, 'join' | 'poll' | 'holds' | 'hasEnded' | 'isSettling'> = {
      join: () => this.join(),
      poll: (maxBytes, signal) => this.poll(maxBytes, signal),
      holds: (partition, lease) => this.leases.get(partition) === lease,
      get hasEnded() {
        return hasEnded();
      },
      get isSettling() {
        return isSettling();
      },
    };
    return port as PartitionSource;
  }

  private join(): Promise<void> {
    this.joins++;
    const fault = this.joinFaults.shift();
    this.hasEnded = fault !== undefined;
    return fault ? Promise.reject(fault) : Promise.resolve();
  }

  /** One batch of each partition a time. */
  private async poll(maxBytes: number, signal: AbortSignal): Promise<SourceChunk[]> {
    this.asked.push(maxBytes);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const fault = this.pollFaults.shift();
    if (fault) {
      throw fault;
    }
    return [...this.leases].flatMap(([partition, lease]) => {
      const fetchOffset = this.positions.get(partition) ?? 0;
      const records = (this.batches.get(partition) ?? []).find((batch) => offsetBehind(batch, 0) > fetchOffset);
      if (!records) {
        return [];
      }
      this.positions.set(partition, offsetBehind(records, fetchOffset));
      return [{ ...TOPIC_FIELDS, partition, lease, fetchOffset, records }];
    });
  }
}
