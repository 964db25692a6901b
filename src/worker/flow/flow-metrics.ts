import type { Rejection } from '../../domain/rejection.js';
import type { RejectedCount, TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import { ItemState } from './batch/item-state.js';
import type { SentBulk } from './bulk/bulk-sender.js';

/** What one run of a task tells of itself; CPU, memory and lag are measured from outside. */
export type FlowCounts = Pick<TaskMetricsDelta, 'recordsRejected'> & {
  counts: Omit<TaskMetricsDelta['counts'], 'cpuSeconds'>;
  observed: TaskMetricsDelta['observed'];
};

/**
 * Counts of one run since they were last taken; plain numbers, so that counting costs nothing. Every record is counted
 * when it is read, and once more when it leaves: with what became of it, or as replayed. Between the two it is in flight:
 * at any moment, over all that was ever taken, in − replayed = indexed + rejected + skipped + dropped + superseded + in flight.
 */
export class FlowMetrics {
  /** Read and neither final nor given back: a value of now, which taking the counts does not touch. */
  recordsInFlight = 0;
  recordsIn = 0;
  recordsReplayed = 0;
  recordsIndexed = 0;
  recordsForwarded = 0;
  recordsSkipped = 0;
  recordsDropped = 0;
  recordsSuperseded = 0;
  recordsLostToRetention = 0;
  bytesIn = 0;
  bytesIndexed = 0;
  bulkRetries = 0;
  private rejected = new Map<string, RejectedCount>();
  private bulks: SentBulk[] = [];
  private transactionSeconds: number[] = [];
  private recordAgeSeconds: number[] = [];

  read(bytes: number): void {
    this.recordsIn++;
    this.recordsInFlight++;
    this.bytesIn += bytes;
  }

  /** The record is committed with this outcome; one that was lost has none, see {@link giveBack}. */
  finish(outcome: Exclude<ItemState, typeof ItemState.Lost>, rejection?: Rejection): void {
    this.recordsInFlight--;
    switch (outcome) {
      case ItemState.Indexed:
        this.recordsIndexed++;
        this.recordsForwarded++;
        break;
      case ItemState.Superseded:
        this.recordsSuperseded++;
        this.recordsForwarded++;
        break;
      case ItemState.Rejected:
        this.reject(rejection?.stage ?? '', rejection?.code ?? '');
        break;
      case ItemState.Skipped:
        this.recordsSkipped++;
        break;
      case ItemState.Dropped:
        this.recordsDropped++;
        break;
      case ItemState.Pending:
        throw new Error('a record without an outcome was committed');
    }
  }

  /** So many records will be read again, here or elsewhere. */
  giveBack(records: number): void {
    this.recordsInFlight -= records;
    this.recordsReplayed += records;
  }

  observeBulk(bulk: SentBulk): void {
    this.bulks.push(bulk);
    this.bulkRetries += bulk.retriedItems;
  }

  observeTransaction(seconds: number): void {
    this.transactionSeconds.push(seconds);
  }

  observeRecordAge(seconds: number): void {
    this.recordAgeSeconds.push(seconds);
  }

  /** What was counted since the last time; it starts at nothing again. */
  take(): FlowCounts {
    const taken = {
      counts: this.counts(),
      recordsRejected: [...this.rejected.values()],
      observed: {
        bulkSeconds: this.bulks.map(({ seconds }) => seconds),
        bulkRecords: this.bulks.map(({ items }) => items),
        bulkBytes: this.bulks.map(({ bytes }) => bytes),
        transactionSeconds: this.transactionSeconds,
        recordAgeSeconds: this.recordAgeSeconds,
      },
    };
    Object.assign(this, new FlowMetrics(), { recordsInFlight: this.recordsInFlight });
    return taken;
  }

  /**
   * The counts of the next run: all that was not taken yet, and what the ended run still held as given back. What remains
   * of that run counts on into this object, where nobody looks any more.
   */
  successor(): FlowMetrics {
    const next = Object.assign(new FlowMetrics(), structuredClone({ ...this }));
    next.giveBack(next.recordsInFlight);
    return next;
  }

  private counts(): FlowCounts['counts'] {
    return {
      recordsIn: this.recordsIn,
      recordsReplayed: this.recordsReplayed,
      recordsIndexed: this.recordsIndexed,
      recordsForwarded: this.recordsForwarded,
      recordsSkipped: this.recordsSkipped,
      recordsDropped: this.recordsDropped,
      recordsSuperseded: this.recordsSuperseded,
      recordsLostToRetention: this.recordsLostToRetention,
      bytesIn: this.bytesIn,
      bytesIndexed: this.bytesIndexed,
      bulkRetries: this.bulkRetries,
    };
  }

  private reject(stage: string, code: string): void {
    const key = `${stage} ${code}`;
    const entry = this.rejected.get(key);
    if (entry) {
      entry.count++;
    } else {
      this.rejected.set(key, { stage, code, count: 1 });
    }
  }
}
