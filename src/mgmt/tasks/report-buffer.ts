import type { TaskReport } from '../../control/task-report.js';
import { taskKey } from '../../domain/task.js';

export interface GatheredReports {
  /** The last one of each task. */
  latest: TaskReport[];
  /** Those that say something else of a task than the one before, in the order of their coming. */
  changes: TaskReport[];
}

/** While the database is away the oldest changes are forgotten beyond this; the last report of a task never is. */
const MAX_CHANGES = 10_000;

/** The last report of each task by (generation, sequence), whatever order they come in, and what changed on the way. */
export class ReportBuffer {
  private readonly reports = new Map<string, TaskReport>();
  private changes: TaskReport[] = [];

  /** Tasks whose last report is held. */
  get size(): number {
    return this.reports.size;
  }

  add(report: TaskReport): void {
    const held = this.reports.get(taskKey(report));
    if (held && !isNewer(report, held)) {
      return;
    }
    this.reports.set(taskKey(report), report);
    if (!held || held.state !== report.state || held.causeCode !== report.causeCode) {
      this.changes.push(report);
    }
  }

  /** Drained reports that could not be written; a newer one that has come meanwhile stays. */
  putBack({ latest, changes }: GatheredReports): void {
    for (const report of latest) {
      const held = this.reports.get(taskKey(report));
      if (!held || isNewer(report, held)) {
        this.reports.set(taskKey(report), report);
      }
    }
    this.changes = [...changes, ...this.changes].slice(-MAX_CHANGES);
  }

  drain(): GatheredReports {
    const drained = { latest: [...this.reports.values()], changes: this.changes };
    this.reports.clear();
    this.changes = [];
    return drained;
  }
}

function isNewer(report: TaskReport, held: TaskReport): boolean {
  return (
    report.generation > held.generation || (report.generation === held.generation && report.sequence > held.sequence)
  );
}
