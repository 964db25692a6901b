import type { TaskReport } from '../../control/task-report.js';

/** As long as their columns. */
const MAX_CAUSE_CHARACTERS = 4000;
const MAX_CODE_CHARACTERS = 100;
const MAX_WORKER_CHARACTERS = 255;

/** The texts of a report as they are stored. */
export function fittingTexts({ cause, causeCode, workerId }: TaskReport) {
  return {
    cause: cause.slice(0, MAX_CAUSE_CHARACTERS),
    causeCode: causeCode.slice(0, MAX_CODE_CHARACTERS),
    workerId: workerId.slice(0, MAX_WORKER_CHARACTERS),
  };
}
