import type { TaskFaultCode } from '../../domain/task-fault-codes.js';

/** Why a task waits: what failed, where, and what to look at, in a sentence. */
export interface WaitingCause {
  code: TaskFaultCode;
  text: string;
}
