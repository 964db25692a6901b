import type { TaskState } from '../../domain/task.js';
import type { TaskFaultCode } from '../../domain/task-fault-codes.js';

/** Where a task stands, as its thread tells it. */
export interface TaskStatus {
  state: TaskState;
  /** In words; empty when there is nothing to explain. */
  cause: string;
  causeCode: TaskFaultCode | '';
  /** Epoch ms. */
  since: number;
  /** Failed runs in a row. */
  attempts: number;
  /** Epoch ms; 0 when none is planned. */
  nextAttemptAt: number;
}
