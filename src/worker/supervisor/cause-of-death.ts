import type { TaskStatus } from '../task/task-status.js';
import type { SupervisedTask } from './supervised-task.js';
import type { ThreadDeath } from './task-thread.js';

/** Why a task whose thread died does not run, and what to do about it. */
export function causeOfDeath(
  { desired, running, isAlone }: SupervisedTask,
  { cause, isOutOfMemory }: ThreadDeath,
): Pick<TaskStatus, 'cause' | 'causeCode'> {
  if (!isOutOfMemory) {
    const text = `The thread of the task died (${cause}), and its tasks start on a fresh one: if it comes again, give each suspect pipeline isolation dedicated, and report the log line "task thread died"`;
    return { cause: text, causeCode: 'THREAD_DIED' };
  }
  const { memoryLimitMiB } = running?.desired ?? desired;
  const remedy = isAlone
    ? `raise the memory_limit of the pipeline, of which this task has ${memoryLimitMiB} MiB`
    : 'give each suspect pipeline isolation dedicated, or run more workers';
  const text = `The thread of the task ran out of memory (${cause}): ${remedy}`;
  return { cause: text, causeCode: 'THREAD_OUT_OF_MEMORY' };
}
