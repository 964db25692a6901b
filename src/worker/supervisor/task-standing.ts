import type { TaskStatus } from '../task/task-status.js';
import type { HeldRevision, SupervisedTask } from './supervised-task.js';

/** How a task is, as others are told. */
export interface TaskStanding extends TaskStatus {
  /** The revision that runs, or is tried again and again; 0 when nothing runs. */
  revision: number;
}

/**
 * A newer revision that cannot start is told beside whatever befalls the one that goes on: a fault of that one is more
 * urgent, so its code comes first.
 */
export function standingOf({ running, held, status }: SupervisedTask): TaskStanding {
  const revision = status.state === 'stopped' ? 0 : (running?.desired.revision ?? 0);
  if (!held) {
    return { ...status, revision };
  }
  const text = textOf(held, revision);
  return status.cause === ''
    ? { ...status, revision, cause: text, causeCode: held.fault.code, nextAttemptAt: held.nextTrialAt }
    : { ...status, revision, cause: `${status.cause}. ${text}` };
}

function textOf({ revision, fault }: HeldRevision, running: number): string {
  return `Revision ${revision} cannot start here, so revision ${running} goes on: ${fault.text}`;
}
