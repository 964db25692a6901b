import type { TaskReport } from '../../control/task-report.js';
import { taskKey } from '../../domain/task.js';
import { fittingTexts } from './fitting-report.js';

/** Which report of a task is stored. */
interface Known {
  state: string;
  causeCode: string;
  generation: number;
  sequence: number;
}

export interface Transition {
  pipelineId: string;
  index: number;
  state: string;
  cause: string;
  causeCode: string;
  workerId: string;
  revision: number;
}

/** Changes of state or of its cause, in the order of the reports. Reports of unknown tasks and late ones are none. */
export function transitionsOf(reports: readonly TaskReport[], stored: ReadonlyMap<string, Known>): Transition[] {
  const known = new Map(stored);
  const transitions: Transition[] = [];
  for (const report of reports) {
    const last = known.get(taskKey(report));
    if (!last || !isNewer(report, last)) {
      continue;
    }
    known.set(taskKey(report), report);
    if (report.state !== last.state || fittingTexts(report).causeCode !== last.causeCode) {
      transitions.push(transitionTo(report));
    }
  }
  return transitions;
}

function isNewer(report: TaskReport, { generation, sequence }: Known): boolean {
  return report.generation > generation || (report.generation === generation && report.sequence > sequence);
}

function transitionTo(report: TaskReport): Transition {
  const { pipelineId, index, state, revision } = report;
  return { pipelineId, index, state, revision, ...fittingTexts(report) };
}
