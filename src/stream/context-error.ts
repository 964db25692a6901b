import { CodedError } from '../domain/coded-error.js';

/** Codes of the errors that the framework itself makes. Everything else comes from the handlers. */
export const contextErrorCodes = {
  timedOut: 'CONTEXT_TIMED_OUT',
  cancelled: 'CONTEXT_CANCELLED',
  ended: 'CONTEXT_ENDED',
  alreadyRun: 'CONTEXT_ALREADY_RUN',
  poolClosed: 'POOL_CLOSED',
  appStarted: 'APP_ALREADY_STARTED',
  deadline: 'STOP_DEADLINE',
} as const;

export function timedOutError(timeoutMs: number): CodedError {
  return new CodedError(contextErrorCodes.timedOut, `The record was not finished within ${timeoutMs} ms.`, {
    details: { timeoutMs },
    retryable: true,
    logLevel: 'warn',
  });
}

/** @param reason what `cancel` was given, when that is no Error: kept as the cause, and told when it is a text. */
export function cancelledError(reason?: unknown): CodedError {
  const why = typeof reason === 'string' ? `: ${reason}` : '';
  return new CodedError(contextErrorCodes.cancelled, `The context was cancelled${why}.`, {
    cause: reason,
    retryable: true,
    logLevel: 'info',
  });
}

/** The reason that derived contexts get when the run they belong to is over and they are still open. */
export function endedError(): CodedError {
  return new CodedError(contextErrorCodes.ended, 'The run that this context was derived for has ended.', {
    logLevel: 'debug',
  });
}

export function alreadyRunError(attempt: string): CodedError {
  return new CodedError(
    contextErrorCodes.alreadyRun,
    `A context serves one record and runs once: ${attempt} came after its run had begun.`,
  );
}

export function poolClosedError(): CodedError {
  return new CodedError(
    contextErrorCodes.poolClosed,
    'The worker pool takes nothing more: it was drained or cancelled.',
    {
      logLevel: 'info',
    },
  );
}

export function appStartedError(): CodedError {
  return new CodedError(contextErrorCodes.appStarted, 'An app is started once: make another one.');
}

export function deadlineError(deadlineMs: number): CodedError {
  return new CodedError(contextErrorCodes.deadline, `The app was stopped and did not finish within ${deadlineMs} ms.`, {
    details: { deadlineMs },
    retryable: true,
    logLevel: 'warn',
  });
}
