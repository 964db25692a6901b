import type { TaskCounter, TaskGauge, TaskHistogram } from './task-metric-table.js';

/**
 * What a task counted since its last delta, from its thread to the process that serves /metrics. Plain data, so that it
 * can be posted; taken in one turn, so that its numbers belong together. A delta is applied once: a lost one is lost.
 */
export interface TaskMetricsDelta {
  pipelineId: string;
  taskIndex: number;
  /** Increments. */
  counts: Record<TaskCounter, number>;
  /** Values of now. */
  gauges: Record<TaskGauge, number>;
  /** What was measured since, one by one. */
  observed: Record<TaskHistogram, number[]>;
  /** Increments; empty when none was rejected. */
  recordsRejected: RejectedCount[];
  /** Of every partition that the task holds now; a partition that is no longer listed is no longer shown. */
  lag: PartitionLag[];
}

export interface RejectedCount {
  stage: string;
  code: string;
  count: number;
}

export interface PartitionLag {
  partition: number;
  /** Behind what is committed. */
  records: number;
  /** Age of the first record that is not committed; 0 when there is none, absent when nobody can know it. */
  seconds?: number;
}
