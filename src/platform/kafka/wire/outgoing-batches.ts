import { RecordBatchWriter, type OutgoingRecord } from './record-batch.js';

/** Finished and open batches of one partition, in the order in which records were added. */
export interface PartitionQueue {
  topic: string;
  partition: number;
  writers: RecordBatchWriter[];
  /** Of each batch: tells batches of the same number of records apart by where these came from. */
  digests: number[];
  /** Position, in the order of adding, of the first record of each batch. */
  firstIndexes: number[];
  recordCount: number;
  /** Records that the last batch may hold. */
  maxRecords: number;
}

export interface BatchLimits {
  maxBatchBytes: number;
  /**
   * Records that the batch of a partition may hold that begins with the record at `firstIndex` in the order of adding;
   * lowered while a refused record is being looked for.
   */
  maxRecordsOf(topic: string, partition: number, firstIndex: number): number;
}

/** Where a record was read: the same record has the same source, however often it is sent. */
export interface RecordSource {
  partition: number;
  offset: number;
}

const HASH_SEED = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
const WORD = 0x100000000;

/** Sorts records into batches by partition. Order within a partition is the order of `add`. */
export class OutgoingBatches {
  private readonly queues = new Map<string, PartitionQueue>();
  recordCount = 0;
  byteLength = 0;

  constructor(private readonly limits: BatchLimits) {}

  add(topic: string, partition: number, record: OutgoingRecord, source: RecordSource): void {
    const queue = this.queueOf(topic, partition);
    const last = queue.writers.at(-1);
    if (!last || last.count >= queue.maxRecords || !last.append(record)) {
      this.begin(queue).append(record);
    }
    const at = queue.digests.length - 1;
    queue.digests[at] = digestWith(queue.digests[at] ?? HASH_SEED, source);
    queue.recordCount++;
    this.recordCount++;
  }

  /** The partitions that records were added for. */
  partitions(): PartitionQueue[] {
    return [...this.queues.values()];
  }

  private begin(queue: PartitionQueue): RecordBatchWriter {
    const writer = new RecordBatchWriter(this.limits.maxBatchBytes);
    queue.writers.push(writer);
    queue.digests.push(HASH_SEED);
    queue.firstIndexes.push(queue.recordCount);
    queue.maxRecords = this.limits.maxRecordsOf(queue.topic, queue.partition, queue.recordCount);
    return writer;
  }

  private queueOf(topic: string, partition: number): PartitionQueue {
    const key = `${topic}/${partition}`;
    let queue = this.queues.get(key);
    if (!queue) {
      queue = { topic, partition, writers: [], digests: [], firstIndexes: [], recordCount: 0, maxRecords: Infinity };
      this.queues.set(key, queue);
    }
    return queue;
  }
}

/** FNV-1a over words: two batches of a retry that differ by what was lost or moved meanwhile must not look alike. */
function digestWith(digest: number, { partition, offset }: RecordSource): number {
  let hash = digest;
  for (const word of [partition, offset % WORD, Math.floor(offset / WORD)]) {
    hash = Math.imul(hash ^ word, HASH_PRIME);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}
