import { TASK_REPORT_VERSION, type TaskReport } from '../../control/task-report.js';
import type { SupervisedTask } from './supervised-task.js';
import { standingOf } from './task-standing.js';

export interface ReporterOptions {
  workerId: string;
  send(reports: readonly TaskReport[]): Promise<unknown>;
}

const TICK_MS = 2000;
/** A task at rest is told of less often. */
const IDLE_MS = 10_000;

/** Tells mgmt of tasks: at once on a change, else every 2 s while records move and every 10 s when idle. */
export class Reporter {
  private readonly changed = new Set<SupervisedTask>();
  private readonly reportedAt = new WeakMap<SupervisedTask, number>();
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;
  private sending: Promise<unknown> = Promise.resolve();
  private isScheduled = false;

  constructor(
    private readonly tasks: () => Iterable<SupervisedTask>,
    private readonly options: ReporterOptions,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Sends what is still to be told. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    await this.sending;
  }

  tell(task: SupervisedTask): void {
    this.changed.add(task);
    if (!this.isScheduled) {
      this.isScheduled = true;
      setImmediate(() => this.flush());
    }
  }

  private tick(): void {
    const now = Date.now();
    for (const task of this.tasks()) {
      const isMoving = (task.sample?.recordsInPerSec ?? 0) > 0;
      if (isMoving || now - (this.reportedAt.get(task) ?? 0) >= IDLE_MS) {
        this.changed.add(task);
      }
    }
    this.flush();
  }

  private flush(): void {
    this.isScheduled = false;
    if (this.changed.size === 0) {
      return;
    }
    const reports = [...this.changed].map((task) => this.report(task));
    this.changed.clear();
    // One after another, so that a later report never overtakes an earlier one.
    this.sending = this.sending.then(() => this.options.send(reports));
  }

  private report(task: SupervisedTask): TaskReport {
    const { desired, sample, generation } = task;
    const reportedAt = Date.now();
    this.reportedAt.set(task, reportedAt);
    return {
      version: TASK_REPORT_VERSION,
      pipelineId: desired.pipelineId,
      index: desired.index,
      workerId: this.options.workerId,
      generation,
      sequence: ++this.sequence,
      ...standingOf(task),
      reportedAt,
      cpuPercent: sample?.cpuPercent ?? 0,
      memoryBytes: sample?.memoryBytes ?? 0,
      lagRecords: sample?.lagRecords ?? 0,
      lagSeconds: sample?.lagSeconds ?? 0,
      recordsInPerSec: sample?.recordsInPerSec ?? 0,
      indexedPerSec: sample?.indexedPerSec ?? 0,
      rejectedPerSec: sample?.rejectedPerSec ?? 0,
    };
  }
}
