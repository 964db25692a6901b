import type { TaskReport } from '../../control/task-report.js';
import { taskKey } from '../../domain/task.js';

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

/** As long as their columns. */
const MAX_CAUSE_CHARACTERS = 4000;
const MAX_CODE_CHARACTERS = 100;
const MAX_WORKER_CHARACTERS = 255;

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
    if (report.state !== last.state || report.causeCode.slice(0, MAX_CODE_CHARACTERS) !== last.causeCode) {
      transitions.push(transitionTo(report));
    }
  }
  return transitions;
}

function isNewer(report: TaskReport, { generation, sequence }: Known): boolean {
  return report.generation > generation || (report.generation === generation && report.sequence > sequence);
}

function transitionTo({ pipelineId, index, state, cause, causeCode, workerId, revision }: TaskReport): Transition {
  return {
    ...{ pipelineId, index, state, revision },
    cause: cause.slice(0, MAX_CAUSE_CHARACTERS),
    causeCode: causeCode.slice(0, MAX_CODE_CHARACTERS),
    workerId: workerId.slice(0, MAX_WORKER_CHARACTERS),
  };
}
