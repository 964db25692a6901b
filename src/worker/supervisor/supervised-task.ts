import type { DesiredTask } from '../../control/desired-task.js';
import type { TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import type { TaskSample } from '../task/thread-messages.js';
import type { TaskStatus } from '../task/task-status.js';
import type { TaskThread } from './task-thread.js';

/** A task that this worker answers for: what is wanted, what runs, and how it is. */
export interface SupervisedTask {
  key: string;
  desired: DesiredTask;
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
