import type { TaskId, TaskState } from '../domain/task.js';

export const TASK_REPORT_VERSION = 1;

/** What a worker says of one task, on the status topic under the task's key. */
export interface TaskReport extends TaskId {
  version: typeof TASK_REPORT_VERSION;
  workerId: string;
  /** Placement generation, then sequence within it: a report lower than the last one of its task is ignored. */
  generation: number;
  sequence: number;
  /** Revision of the desired state that runs; 0 when none does. */
  revision: number;
  state: TaskState;
  /** Why it is in this state, in words; empty when running without a fault. */
  cause: string;
  /** Code of the cause (UPPER_SNAKE), empty when there is none. */
  causeCode: string;
  /** Epoch ms since when the task is in this state. */
  since: number;
  /** Epoch ms. */
  reportedAt: number;
  /** Failed attempts in a row. */
  attempts: number;
  /** Epoch ms of the next attempt; 0 when none is planned. */
  nextAttemptAt: number;
  cpuPercent: number;
  memoryBytes: number;
  lagRecords: number;
  lagSeconds: number;
  /** Records a second since the last report. */
  recordsInPerSec: number;
  indexedPerSec: number;
  rejectedPerSec: number;
}
