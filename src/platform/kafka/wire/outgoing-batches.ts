import { RecordBatchWriter, type OutgoingRecord } from './record-batch.js';

/** Finished and open batches of one partition, in the order in which records were added. */
interface PartitionQueue {
  topic: string;
  partition: number;
  writers: RecordBatchWriter[];
}

export interface BatchLimits {
  maxBatchBytes: number;
  /** Records that one batch of a partition may hold; lowered while a refused record is being looked for. */
  maxRecordsOf(topic: string, partition: number): number;
}

/** Sorts records into batches by partition. Order within a partition is the order of `add`. */
export class OutgoingBatches {
  private readonly queues = new Map<string, PartitionQueue>();
  recordCount = 0;
  byteLength = 0;

  constructor(private readonly limits: BatchLimits) {}

  add(topic: string, partition: number, record: OutgoingRecord): void {
    const queue = this.queueOf(topic, partition);
    let writer = queue.writers.at(-1);
    if (!writer || writer.count >= this.limits.maxRecordsOf(topic, partition) || !writer.append(record)) {
      writer = new RecordBatchWriter(this.limits.maxBatchBytes);
      writer.append(record);
      queue.writers.push(writer);
    }
    this.recordCount++;
  }

  /** The partitions that records were added for. */
  partitions(): PartitionQueue[] {
    return [...this.queues.values()];
  }

  private queueOf(topic: string, partition: number): PartitionQueue {
    const key = `${topic}/${partition}`;
    let queue = this.queues.get(key);
    if (!queue) {
      queue = { topic, partition, writers: [] };
      this.queues.set(key, queue);
    }
    return queue;
  }
}
