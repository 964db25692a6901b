import type { DesiredTask } from '../../control/desired-task.js';
import type { TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import type { TaskSample } from '../task/thread-messages.js';
import type { FailureCause } from '../task/failure-cause.js';
import type { TaskStatus } from '../task/task-status.js';
import type { TaskThread } from './task-thread.js';

/** The revision by which a task runs, or is to run again when its thread has died. */
export interface RunningRevision {
  desired: DesiredTask;
  /** A run of it was under way: nothing of the revision itself keeps it from starting. */
  hasBegun: boolean;
}

/** A newer revision that cannot start here, so that the one that runs goes on. */
export interface HeldRevision {
  revision: number;
  fault: FailureCause;
  /** Epoch ms: what keeps it may be mended without another revision. */
  nextTrialAt: number;
}

/** A task that this worker answers for: what is wanted, what runs, and how it is. */
export interface SupervisedTask {
  key: string;
  desired: DesiredTask;
  /** Undefined when nothing runs. */
  running: RunningRevision | undefined;
  /** Undefined when what is wanted runs, or is about to. */
  held: HeldRevision | undefined;
  /** Placement generation in which this worker was given the task. */
  generation: number;
  status: TaskStatus;
  sample: TaskSample | undefined;
  /** What came with its last sample; undefined when nothing of it runs. */
  last: TaskMetricsDelta | undefined;
  /** Where it runs; undefined when nothing of it does. */
  thread: TaskThread | undefined;
  /** True when the thread serves this task alone. */
  isAlone: boolean;
  /** Deaths of its thread in a row, without a record made final in between. */
  crashes: number;
  /** Changes of one task happen one after another. */
  tail: Promise<void>;
}

/** A task that was just given to this worker; nothing runs yet. */
export function supervisedTask(key: string, desired: DesiredTask, generation: number): SupervisedTask {
  return {
    key,
    desired,
    running: undefined,
    held: undefined,
    generation,
    status: { state: 'starting', cause: '', causeCode: '', since: Date.now(), attempts: 0, nextAttemptAt: 0 },
    sample: undefined,
    last: undefined,
    thread: undefined,
    isAlone: false,
    crashes: 0,
    tail: Promise.resolve(),
  };
}
