import type { TaskId, TaskState } from '../../domain/task.js';

/** A task and its slot, the partition of the control topic over which it is told what to do. */
export interface PlacedTask extends TaskId {
  slot: number;
}

/** What is known of a task: its last report, or that there is none. */
export interface ReportedTask extends PlacedTask {
  /** Empty before the first report. */
  workerId: string;
  state: TaskState;
  cause: string;
  causeCode: string;
  /** Epoch ms since when it is in this state; 0 before the first report. */
  since: number;
  /** Epoch ms of the last report; 0 before the first. */
  reportedAt: number;
  /** Revision of the desired state that runs; 0 when none does. */
  revision: number;
  attempts: number;
  /** Epoch ms; 0 when none is planned. */
  nextAttemptAt: number;
  cpuPercent: number;
  memoryBytes: number;
  lagRecords: number;
  lagSeconds: number;
  recordsInPerSec: number;
  indexedPerSec: number;
  rejectedPerSec: number;
}
