/** Where one task (pipeline × parallelism index) stands. */
export type TaskState =
  /** Assigned; joining the group and reading its offsets. */
  | 'starting'
  /** Moving records. */
  | 'running'
  /** Alive, but a fault outside holds it up; it goes on by itself. */
  | 'waiting'
  /** Failed; offsets untouched; restarted at nextAttemptAt. */
  | 'error'
  /** Draining after a stop. */
  | 'stopping'
  /** Drained and committed, as wanted. */
  | 'stopped'
  /** Another holder took over: placement decides who runs it. */
  | 'moved'
  /** Its reports stopped (set by mgmt, never by a worker). */
  | 'unknown';

export interface TaskId {
  pipelineId: string;
  /** 0 .. parallelism - 1. */
  index: number;
}

/** The key of a task in the control and status topics. */
export function taskKey(task: TaskId): string {
  return `${task.pipelineId}#${task.index}`;
}

/** The inverse of {@link taskKey}; undefined when the text is not one. */
export function parseTaskKey(key: string): TaskId | undefined {
  const match = /^([a-z0-9][a-z0-9-]{0,39})#(0|[1-9]\d{0,2})$/.exec(key);
  return match?.[1] && match[2] ? { pipelineId: match[1], index: Number(match[2]) } : undefined;
}
