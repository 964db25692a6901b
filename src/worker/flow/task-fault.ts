import { CodedError } from '../../domain/coded-error.js';

/**
 * Ends a task's run: the offsets stay where they are, the task is in `error` with this as its cause, and it is started
 * again later.
 */
export class TaskFault extends CodedError {
  constructor(
    code: string,
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
  constructor(cause: unknown) {
    super('TASK_MOVED', 'Another worker runs this task', { cause, logLevel: 'info' });
  }
}
