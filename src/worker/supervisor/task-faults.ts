import { taskKey, type TaskId } from '../../domain/task.js';
import { alike } from '../../platform/logging/alike.js';
import type { Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { TaskStatus } from '../task/task-status.js';
import type { FromThread, TaskSample } from '../task/thread-messages.js';

/** One cause of one pipeline, and who suffers from it. */
interface TaskFaultOfPipeline {
  pipeline: string;
  state: 'error' | 'waiting';
  fields: Record<string, unknown>;
  tasks: Set<string>;
  /** Nothing was heard of it since the last reminder. */
  isQuiet: boolean;
}

const MAX_ONGOING = 1000;
const REMIND_MS = 60_000;
/** A task without records proves by running for this long that it runs again. */
const HEALTHY_MS = 60_000;

/**
 * Tells the log what holds up the tasks of this worker: each cause of a pipeline at once, then once a minute as long as it
 * lasts, however many tasks have it and however often they fail of it; and its end, when the last of them works again.
 */
export class TaskFaults {
  private readonly faults: RepeatingFault;
  private readonly ongoing = new Map<string, TaskFaultOfPipeline>();
  private timer: NodeJS.Timeout | undefined;

  constructor(logger: Logger) {
    this.faults = new RepeatingFault(logger);
  }

  /** A line of a task that may repeat. */
  report({ fields, level, message }: Extract<FromThread, { kind: 'log' }>, fault: string): void {
    const key = `${String(fields['pipeline'])} ${alike(fault)}`;
    this.faults.report(key, fields, message, level === 'error' ? 'error' : 'warn');
  }

  /** What a task says of itself. */
  take(task: TaskId, status: TaskStatus): void {
    switch (status.state) {
      case 'error':
      case 'waiting':
        this.begin(task, status.state, status);
        break;
      case 'running':
        // A run that begins proves nothing after a failure: the next record or some time does. One that waited goes on.
        if (!this.hasFailed(taskKey(task))) {
          this.clear(task);
        }
        break;
      case 'stopping':
      case 'stopped':
      case 'moved':
        this.clear(task);
        break;
      case 'starting':
      case 'unknown':
        break;
    }
  }

  /** What a running task has done; called each second. */
  sampled(task: TaskId, status: TaskStatus, sample: TaskSample): void {
    const isHealthy = sample.recordsInPerSec > 0 || Date.now() - status.since >= HEALTHY_MS;
    if (status.state === 'running' && isHealthy) {
      this.clear(task);
    }
  }

  /** The task is no longer this worker's. */
  clear(task: TaskId): void {
    for (const [key, fault] of this.ongoing) {
      if (fault.tasks.delete(taskKey(task)) && fault.tasks.size === 0) {
        this.ongoing.delete(key);
        const { code, cause } = fault.fields;
        this.faults.end(key, { pipeline: fault.pipeline, code, cause }, endOf[fault.state]);
      }
    }
    if (this.ongoing.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private begin(task: TaskId, state: 'error' | 'waiting', status: TaskStatus): void {
    const { cause, causeCode: code, attempts, nextAttemptAt } = status;
    const key = [task.pipelineId, state, code === '' || code === 'TASK_BUG' ? alike(cause) : code].join(' ');
    const tasks = this.ongoing.get(key)?.tasks ?? new Set();
    const fields = {
      pipeline: task.pipelineId,
      task: task.index,
      ...(code !== '' && { code }),
      cause,
      ...(state === 'error' && { attempts, nextAttemptAt }),
    };
    this.ongoing.set(key, {
      pipeline: task.pipelineId,
      state,
      fields,
      tasks: tasks.add(taskKey(task)),
      isQuiet: false,
    });
    this.forgetOldest();
    this.timer ??= setInterval(() => this.remind(), REMIND_MS).unref();
    this.log(key);
  }

  /** Causes that are never the same twice must not add up. */
  private forgetOldest(): void {
    const oldest = this.ongoing.keys().next();
    if (this.ongoing.size > MAX_ONGOING && !oldest.done) {
      this.ongoing.delete(oldest.value);
    }
  }

  private hasFailed(key: string): boolean {
    return [...this.ongoing.values()].some(({ state, tasks }) => state === 'error' && tasks.has(key));
  }

  /** A task that waits says so once. */
  private remind(): void {
    for (const [key, fault] of this.ongoing) {
      if (fault.isQuiet) {
        this.log(key);
      }
      fault.isQuiet = true;
    }
  }

  private log(key: string): void {
    const fault = this.ongoing.get(key);
    if (fault) {
      const { state, fields, tasks } = fault;
      this.faults.report(
        key,
        { ...fields, taskCount: tasks.size },
        beginOf[state],
        state === 'error' ? 'error' : 'warn',
      );
    }
  }
}

const beginOf = { error: 'task failed', waiting: 'task waits' };
const endOf = { error: 'task works again', waiting: 'task goes on' };
