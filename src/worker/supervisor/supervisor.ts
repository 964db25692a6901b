import type { AppConfig } from '../../config/app-config.js';
import type { DesiredTask } from '../../control/desired-task.js';
import { taskKey, type TaskId } from '../../domain/task.js';
import { alike } from '../../platform/logging/alike.js';
import type { Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import type { TasksDto } from '../../platform/debug/tasks.dto.js';
import type { PipelineMetrics } from '../../platform/metrics/pipeline-metrics.js';
import type { SpanSink } from '../../platform/tracing/finished-span.js';
import type { FromThread } from '../task/thread-messages.js';
import type { TaskStatus } from '../task/task-status.js';
import type { BaseService } from './base-service.js';
import { BaseAnswers } from './base-answers.js';
import { buildTaskSettings } from './build-task-settings.js';
import { causeOfDeath } from './cause-of-death.js';
import { ChangeBarrier } from './change-barrier.js';
import { Reporter } from './reporter.js';
import { RevisionTrial, TRIAL_INTERVAL_MS } from './revision-trial.js';
import { supervisedTask, type SupervisedTask } from './supervised-task.js';
import { TaskFaults } from './task-faults.js';
import type { TaskThread, ThreadDeath } from './task-thread.js';
import { taskReport, threadReport } from './tasks-report.js';
import { ThreadPool, type ThreadPoolListener } from './thread-pool.js';
import type { TaskReport } from '../../control/task-report.js';

export interface SupervisorParts {
  config: AppConfig;
  logger: Logger;
  metrics: PipelineMetrics;
  bases: BaseService;
  workerId: string;
  sendReports(reports: readonly TaskReport[]): Promise<unknown>;
  /** Undefined while tracing is off. */
  spans?: SpanSink;
}

const FIRST_CRASH_RESTART_MS = 1000;
/** What a sample says of a task that does not run; its lag stays as it was last seen. */
const AT_REST = { cpuPercent: 0, memoryBytes: 0, recordsInPerSec: 0, indexedPerSec: 0, rejectedPerSec: 0 };

/** Makes what runs here equal to what is wanted here. Absence never stops a task: only a word about it does. */
export class Supervisor {
  private readonly tasks = new Map<string, SupervisedTask>();
  /** Drains of tasks that were given away, by key. */
  private readonly leaving = new Map<string, Promise<void>>();
  private readonly pool: ThreadPool;
  private readonly reporter: Reporter;
  private readonly taskFaults: TaskFaults;
  private readonly bases: BaseAnswers;
  private readonly trial: RevisionTrial;
  private readonly barrier = new ChangeBarrier();
  /** What befalls threads, not single tasks. */
  private readonly faults: RepeatingFault;
  private isStopping = false;

  constructor(private readonly parts: SupervisorParts) {
    const { config, logger, workerId } = parts;
    this.taskFaults = new TaskFaults(logger);
    this.faults = new RepeatingFault(logger);
    this.bases = new BaseAnswers(parts.bases, logger);
    const listener: ThreadPoolListener = {
      onMessage: (thread, message) => this.take(thread, message),
      onDied: (keys, death) => this.threadDied(keys, death),
    };
    this.pool = new ThreadPool(ThreadPool.sizeOf(config.worker.threads), listener, logger.level);
    this.trial = new RevisionTrial(config, logger, this.pool);
    logger.on('level-change', (level) => this.pool.setLogLevel(level));
    this.reporter = new Reporter(() => this.tasks.values(), {
      workerId,
      send: (reports) => parts.sendReports(reports),
    });
  }

  start(): void {
    this.reporter.start();
  }

  /** Idempotent; a lower revision than the one known is ignored. */
  apply(desired: DesiredTask, generation: number): void {
    const key = taskKey(desired);
    const task = this.tasks.get(key);
    if (task) {
      task.generation = generation;
      if (desired.revision <= task.desired.revision) {
        this.reporter.tell(task);
        return;
      }
      task.desired = desired;
      this.barrier.enter(task.desired);
      this.enqueue(task, () => this.change(task, desired));
      return;
    }
    const added = supervisedTask(key, desired, generation);
    // A task that was given away and comes back starts only when its last run here has drained.
    added.tail = this.leaving.get(key) ?? added.tail;
    this.tasks.set(key, added);
    this.enqueue(added, () => this.change(added, desired));
  }

  /** The task is gone for good. */
  remove(id: TaskId): void {
    this.release(taskKey(id));
  }

  /** Somebody else has the task, or nobody: it is drained here and not spoken of any more. */
  release(key: string): void {
    const task = this.tasks.get(key);
    if (!task) {
      return;
    }
    this.tasks.delete(key);
    this.enqueue(task, async () => {
      await this.end(task);
      this.parts.metrics.forgetTask(task.desired);
      this.taskFaults.clear(task.desired);
    });
    const left = task.tail.then(() => {
      if (this.leaving.get(key) === left) {
        this.leaving.delete(key);
      }
    });
    this.leaving.set(key, left);
  }

  /** Drains every task, each within the deadline. */
  async stop(deadlineMs: number): Promise<void> {
    this.isStopping = true;
    const tasks = [...this.tasks.values()];
    await Promise.all(
      tasks.map((task) => {
        this.enqueue(task, () => this.end(task, deadlineMs));
        return task.tail;
      }),
    );
    await Promise.all(this.leaving.values());
    await this.reporter.stop();
    await this.pool.close();
  }

  /** Threads and tasks as they are now, for those who look for the cause of a fault. */
  async report(): Promise<Omit<TasksDto, 'has_joined'>> {
    const { config, workerId } = this.parts;
    const tasks = [...this.tasks.values()];
    const dedicated = new Set(tasks.flatMap(({ isAlone, thread }) => (isAlone && thread ? [thread] : [])));
    return {
      worker_id: workerId,
      threads: await Promise.all(this.pool.all().map((thread) => threadReport(thread, dedicated))),
      tasks: tasks.map((task) => taskReport(task, config)),
    };
  }

  private enqueue(task: SupervisedTask, step: () => Promise<void>): void {
    task.tail = task.tail.then(step).catch((error: unknown) => {
      this.parts.logger.error(
        { err: error, pipeline: task.desired.pipelineId, task: task.desired.index },
        'task change failed',
      );
    });
  }

  /**
   * Drain what runs, then start the new revision: each record is processed by exactly one of them. One that cannot start ends
   * nothing.
   */
  private async change(task: SupervisedTask, desired: DesiredTask): Promise<void> {
    this.barrier.enter(desired);
    const hasEnded = await this.endForChange(task, desired).finally(() => this.barrier.leave(desired));
    if (!hasEnded) {
      return;
    }
    if (desired.desired === 'running') {
      await this.barrier.passed(desired);
      this.run(task, desired);
    } else {
      this.setStatus(task, {
        ...task.status,
        state: 'stopped',
        cause: '',
        causeCode: '',
        since: Date.now(),
        nextAttemptAt: 0,
      });
    }
  }

  /** True when the revision is to be brought about, and nothing of an older one runs any more. */
  private async endForChange(task: SupervisedTask, desired: DesiredTask): Promise<boolean> {
    const isStale = desired.revision < task.desired.revision || task.running?.desired.revision === desired.revision;
    if (this.isStopping || isStale || this.tasks.get(task.key) !== task) {
      return false;
    }
    if (await this.trial.holds(task, desired)) {
      this.reporter.tell(task);
      setTimeout(() => this.enqueue(task, () => this.change(task, desired)), TRIAL_INTERVAL_MS).unref();
      return false;
    }
    await this.end(task);
    return true;
  }

  private run(task: SupervisedTask, desired: DesiredTask): void {
    const { config, logger } = this.parts;
    task.running = { desired, hasBegun: task.running?.desired === desired && task.running.hasBegun };
    task.isAlone = desired.isolation === 'dedicated';
    task.thread = task.isAlone ? this.pool.dedicated(desired.memoryLimitMiB) : this.pool.choose();
    task.thread.start(task.key, buildTaskSettings(config, desired));
    const { pipelineId: pipeline, index, revision } = desired;
    logger.info({ pipeline, task: index, revision, thread: task.thread.name }, 'task started');
  }

  private async end(task: SupervisedTask, deadlineMs = this.parts.config.server.stopTimeoutSec * 1000): Promise<void> {
    const { thread, isAlone, desired } = task;
    if (!thread) {
      task.running = undefined;
      return;
    }
    await thread.stop(task.key, deadlineMs);
    this.retire(task);
    task.running = undefined;
    if (isAlone) {
      await thread.close();
    }
    this.parts.logger.info({ pipeline: desired.pipelineId, task: desired.index }, 'task ended');
  }

  /** Nothing runs of the task any more: it holds no records, and nothing of it moves. */
  private retire(task: SupervisedTask): void {
    task.thread = undefined;
    task.last = undefined;
    task.sample = task.sample && { ...task.sample, ...AT_REST };
    this.parts.metrics.giveBack(task.desired);
  }

  private take(thread: TaskThread, message: FromThread): void {
    switch (message.kind) {
      case 'status':
        this.takeStatus(message.key, message.status);
        break;
      case 'sample':
        this.takeSample(message);
        break;
      case 'spans':
        this.parts.spans?.take(message.spans);
        break;
      case 'log':
        this.takeLine(message);
        break;
      case 'find_base':
        void this.bases.find(thread, message);
        break;
      case 'revive_base':
        void this.bases.revive(thread, message);
        break;
      case 'ready':
      case 'tried':
      case 'ended':
        break;
    }
  }

  private takeLine(line: Extract<FromThread, { kind: 'log' }>): void {
    if (line.fault === undefined) {
      this.parts.logger[line.level](line.fields, line.message);
    } else {
      this.taskFaults.report(line, line.fault);
    }
  }

  private takeStatus(key: string, status: TaskStatus): void {
    const task = this.tasks.get(key);
    if (task) {
      if (task.running && (status.state === 'running' || status.state === 'waiting')) {
        task.running.hasBegun = true;
      }
      if (status.state === 'error' && task.status.state !== 'error') {
        this.parts.metrics.countTaskRestart(task.desired);
      }
      this.setStatus(task, status);
    }
  }

  private takeSample(message: Extract<FromThread, { kind: 'sample' }>): void {
    this.parts.metrics.apply(message.metrics);
    const task = this.tasks.get(message.key);
    if (task) {
      task.sample = message.sample;
      task.last = message.metrics;
      this.taskFaults.sampled(task.desired, task.status, message.sample);
      task.crashes = message.metrics.counts.recordsIndexed > 0 ? 0 : task.crashes;
    }
  }

  private setStatus(task: SupervisedTask, status: TaskStatus): void {
    task.status = status;
    this.taskFaults.take(task.desired, status);
    this.parts.metrics.setTaskState(task.desired, status.state);
    this.reporter.tell(task);
  }

  /** The tasks of a thread that died start again on a fresh one; their offsets are where they were. */
  private threadDied(keys: string[], death: ThreadDeath): void {
    this.faults.report(`died ${alike(death.cause)}`, { tasks: keys, cause: death.cause }, 'task thread died', 'error');
    for (const key of keys) {
      const task = this.tasks.get(key);
      if (task) {
        this.taskDied(task, death);
      }
    }
  }

  private taskDied(task: SupervisedTask, death: ThreadDeath): void {
    this.retire(task);
    this.parts.metrics.countTaskRestart(task.desired);
    task.crashes++;
    const maxMs = this.parts.config.server.watchWorkersIntervalMin * 60_000;
    const delayMs = Math.min(maxMs, FIRST_CRASH_RESTART_MS * 2 ** Math.min(task.crashes - 1, 30));
    this.setStatus(task, {
      state: 'error',
      ...causeOfDeath(task, death),
      since: Date.now(),
      attempts: task.crashes,
      nextAttemptAt: Date.now() + delayMs,
    });
    setTimeout(() => this.enqueue(task, () => this.restart(task)), delayMs).unref();
  }

  /** By the revision that ran: a newer one that cannot start does not come in by a death. */
  private restart(task: SupervisedTask): Promise<void> {
    const { running, thread } = task;
    if (running && !thread && !this.isStopping && this.tasks.get(task.key) === task) {
      this.run(task, running.desired);
    }
    return Promise.resolve();
  }
}
