import { CodedError } from '../../domain/coded-error.js';
import type { TaskFaultCode } from '../../domain/task-fault-codes.js';

/**
 * Ends a task's run: the offsets stay where they are, the task is in `error` with this as its cause, and it is started
 * again later.
 */
export class TaskFault extends CodedError {
  constructor(
    override readonly code: TaskFaultCode,
    message: string,
    /** True when the task may go on as soon as OpenSearch answers, without waiting for the planned restart. */
    readonly endsWhenOpenSearchAnswers: boolean,
    cause?: unknown,
  ) {
    super(code, message, { cause, retryable: true, logLevel: 'error' });
  }
}

/** Another holder of the task exists: this one ends without touching the transactional id again. */
export class TaskMoved extends CodedError {
  override readonly code = 'TASK_MOVED' satisfies TaskFaultCode;

  constructor(cause: unknown) {
    const text = 'Another worker runs this task; if it comes again and again, two workers fence each other off';
    super('TASK_MOVED', text, { cause, logLevel: 'info' });
  }
}
