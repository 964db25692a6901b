import type { TaskReport } from '../../control/task-report.js';
import { taskKey } from '../../domain/task.js';

/** The last report of each task by (generation, sequence), whatever order they come in. */
export class ReportBuffer {
  private readonly reports = new Map<string, TaskReport>();

  add(report: TaskReport): void {
    const held = this.reports.get(taskKey(report));
    if (!held || isNewer(report, held)) {
      this.reports.set(taskKey(report), report);
    }
  }

  /** A drained report that could not be written; a newer one that has come meanwhile stays. */
  putBack(report: TaskReport): void {
    this.add(report);
  }

  drain(): TaskReport[] {
    const drained = [...this.reports.values()];
    this.reports.clear();
    return drained;
  }
}

function isNewer(report: TaskReport, held: TaskReport): boolean {
  return (
    report.generation > held.generation || (report.generation === held.generation && report.sequence > held.sequence)
  );
}
