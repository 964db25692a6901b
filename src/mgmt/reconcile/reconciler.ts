import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { ReconcileRuns } from './reconcile-runs.js';
import { ReconcileSteps } from './reconcile-steps.js';

const INTERVAL_MS = 30_000;

/**
 * Brings what should be and what is together: at the start and every 30 s, on whichever replica gets the lock. It
 * finishes what crashes and unreachable services have left, so nothing else has to.
 */
@Injectable()
export class Reconciler {
  private readonly faults: RepeatingFault;
  readonly runs = new ReconcileRuns();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly steps: ReconcileSteps,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  start(): void {
    this.timer ??= setInterval(() => this.runNext(), INTERVAL_MS);
    this.runNext();
  }

  /** Waits for the run in hand. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
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
    this.running = this.running.then(async () => {
      try {
        await this.run();
        this.faults.end('lock', {}, 'Reconciling goes on');
      } catch (error) {
        this.faults.report('lock', { err: error }, 'Reconciling is held up');
      }
    });
  }
}
