import type { DesiredState, PipelineStatus } from './pipeline.js';
import type { TaskState } from './task.js';

export interface TaskStanding {
  state: TaskState;
  cause: string;
  /** Empty when there is none. */
  causeCode: string;
}

export interface DerivedStatus {
  status: PipelineStatus;
  /** Code and cause, such as `OPENSEARCH_BUSY: OpenSearch ...`; empty when there is nothing to explain. */
  details: string;
}

const failed: ReadonlySet<TaskState> = new Set(['error', 'unknown']);

/** A cause of these says that a newer revision cannot start: records flow by the one before. */
const goesOn: ReadonlySet<TaskState> = new Set(['starting', 'running']);

/**
 * What a user sees: deleting and close are what callers want; else error as soon as one task is in error or unknown;
 * else running. A task that waits is still running, and its cause is shown; so is that of one that goes on as it was before
 * a change which it cannot follow.
 */
export function derivePipelineStatus(desired: DesiredState, tasks: readonly TaskStanding[]): DerivedStatus {
  if (desired === 'deleting' || desired === 'close') {
    return { status: desired, details: '' };
  }
  const worst = tasks.find((task) => failed.has(task.state));
  if (worst) {
    return { status: 'error', details: toldOf(worst) };
  }
  const told =
    tasks.find((task) => task.state === 'waiting') ??
    tasks.find((task) => goesOn.has(task.state) && task.causeCode !== '');
  return { status: 'running', details: told ? toldOf(told) : '' };
}

function toldOf({ cause, causeCode }: TaskStanding): string {
  return causeCode === '' ? cause : `${causeCode}: ${cause}`;
}
