import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { ReconcileRuns } from './reconcile-runs.js';
import { ReconcileSteps } from './reconcile-steps.js';
import { UnfinishedRepository } from './unfinished.repository.js';

const INTERVAL_MS = 30_000;
/** While something is under way: what waits for tasks to stop, or for a service, should not wait much longer than that. */
const UNFINISHED_INTERVAL_MS = 5000;

/**
 * Brings what should be and what is together: at the start and every 30 s (5 s while something is unfinished), on
 * whichever replica gets the lock. It finishes what crashes and unreachable services have left, so nothing else has to.
 */
@Injectable()
export class Reconciler {
  private readonly faults: RepeatingFault;
  readonly runs = new ReconcileRuns();
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly steps: ReconcileSteps,
    private readonly unfinished: UnfinishedRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  start(): void {
    if (!this.isStarted) {
      this.isStarted = true;
      this.runNext();
    }
  }

  /** Waits for the run in hand. */
  async stop(): Promise<void> {
    this.isStarted = false;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One run; false when another replica is at it. A step that fails is logged and does not keep the others. */
  async run(): Promise<boolean> {
    this.runs.begin();
    try {
      const isOwn = await this.database.tryLock('reconciler', () => this.takeSteps());
      this.runs.end(isOwn);
      return isOwn;
    } catch (error) {
      this.runs.fail(error);
      throw error;
    }
  }

  private async takeSteps(): Promise<void> {
    for (const [name, step] of this.steps.inOrder()) {
      const startedAt = Date.now();
      try {
        await step();
        this.runs.stepped(name, startedAt);
        this.faults.end(name, {}, `Reconciling goes on: ${name}`);
      } catch (error) {
        this.runs.stepped(name, startedAt, error);
        this.faults.report(name, { err: error }, `Reconciling is held up: ${name}`);
      }
    }
  }

  private runNext(): void {
    this.running = this.runOnce().then((pauseMs) => {
      if (this.isStarted) {
        this.timer = setTimeout(() => this.runNext(), pauseMs);
      }
    });
  }

  /** Answers how long to wait for the next run. Never rejects. */
  private async runOnce(): Promise<number> {
    try {
      await this.run();
      const pauseMs = (await this.unfinished.isAnything()) ? UNFINISHED_INTERVAL_MS : INTERVAL_MS;
      this.faults.end('lock', {}, 'Reconciling goes on');
      return pauseMs;
    } catch (error) {
      this.faults.report('lock', { err: error }, 'Reconciling is held up');
      return INTERVAL_MS;
    }
  }
}
