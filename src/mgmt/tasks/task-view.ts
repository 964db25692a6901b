import type { ReportedTask } from './placed-task.js';
import type { TaskState } from '../../domain/task.js';
import type { TaskDto, TaskTransitionDto } from './task.dto.js';
import type { TaskTransitionEntity } from './task-transition.entity.js';

/** A task in the words of the API. */
export function taskView(task: ReportedTask): TaskDto {
  return {
    index: task.index,
    slot: task.slot,
    worker: task.workerId,
    state: task.state,
    cause: task.cause,
    cause_code: task.causeCode,
    since: task.since,
    reported_at: task.reportedAt,
    revision: task.revision,
    attempts: task.attempts,
    next_attempt_at: task.nextAttemptAt,
    cpu_percent: task.cpuPercent,
    memory_bytes: task.memoryBytes,
    lag_records: task.lagRecords,
    lag_seconds: task.lagSeconds,
    records_in_per_sec: task.recordsInPerSec,
    indexed_per_sec: task.indexedPerSec,
    rejected_per_sec: task.rejectedPerSec,
  };
}

/** A transition in the words of the API. */
export function transitionView(transition: TaskTransitionEntity): TaskTransitionDto {
  return {
    index: transition.index,
    time: transition.time,
    state: transition.state as TaskState,
    cause: transition.cause,
    cause_code: transition.causeCode,
    worker: transition.workerId,
    revision: transition.revision,
  };
}
