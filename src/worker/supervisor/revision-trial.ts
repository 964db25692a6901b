import type { AppConfig } from '../../config/app-config.js';
import type { DesiredTask } from '../../control/desired-task.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { FailureCause } from '../task/failure-cause.js';
import { buildTaskSettings } from './build-task-settings.js';
import type { SupervisedTask } from './supervised-task.js';
import type { ThreadPool } from './thread-pool.js';

export const TRIAL_INTERVAL_MS = 10_000;

/** Finds out whether a newer revision of a task can start, before anything of the one that runs ends. */
export class RevisionTrial {
  constructor(
    private readonly config: AppConfig,
    private readonly logger: Logger,
    private readonly pool: ThreadPool,
  ) {}

  /**
   * True when the revision cannot start here although the one that runs could: that one is to go on, and the task says so.
   * Where nothing runs nothing can go on; then the revision itself is what fails.
   */
  async holds(task: SupervisedTask, desired: DesiredTask): Promise<boolean> {
    const fault = task.running && desired.desired === 'running' ? await this.faultOf(task, desired) : undefined;
    // The answer comes after what the thread told of a run that it was given before.
    if (!fault || !task.running?.hasBegun) {
      task.held = undefined;
      return false;
    }
    this.hold(task, desired, fault);
    return true;
  }

  private faultOf(task: SupervisedTask, desired: DesiredTask): Promise<FailureCause | undefined> {
    const thread = task.thread ?? this.pool.choose();
    return thread.findStartFault(task.key, buildTaskSettings(this.config, desired));
  }

  private hold(
    task: SupervisedTask,
    { pipelineId: pipeline, index, revision }: DesiredTask,
    fault: FailureCause,
  ): void {
    const isKnown = task.held?.revision === revision && task.held.fault.text === fault.text;
    task.held = { revision, fault, nextTrialAt: Date.now() + TRIAL_INTERVAL_MS };
    if (!isKnown) {
      const { code, text: cause } = fault;
      const running = task.running?.desired.revision;
      this.logger.warn({ pipeline, task: index, revision, running, code, cause }, 'task goes on without a change');
    }
  }
}
