/**
 * What a task counted since its last delta, from its thread to the process that serves /metrics. Plain data, so that it
 * can be posted. Counts are increments; gauges are the values of now. A delta is applied once: a lost one is lost.
 */
export interface TaskMetricsDelta {
  pipelineId: string;
  taskIndex: number;
  recordsIn: number;
  bytesIn: number;
  recordsIndexed: number;
  recordsForwarded: number;
  recordsSkipped: number;
  recordsDropped: number;
  recordsSuperseded: number;
  /** Deleted by the input topic's retention before they were read. */
  recordsLostToRetention: number;
  /** Empty when none was rejected. */
  recordsRejected: RejectedCount[];
  bulkRetries: number;
  /** Each bulk request that ended, in seconds. */
  bulkDurationsSec: number[];
  /** Each transaction that ended, in seconds. */
  transactionDurationsSec: number[];
  /** Gauge. */
  bulksInFlight: number;
  /** Gauge. */
  bufferBytes: number;
  /** Gauge, of every partition that the task holds; a partition that is no longer listed is no longer shown. */
  lag: PartitionLag[];
}

export interface RejectedCount {
  stage: string;
  code: string;
  count: number;
}

export interface PartitionLag {
  partition: number;
  records: number;
}
