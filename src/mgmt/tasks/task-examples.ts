import type { TaskListDto } from './task.dto.js';

/** As GET /pipelines/:id/tasks?history=true answers, for the API document. */
export const taskListExample: TaskListDto = {
  entries: [
    {
      ...{ index: 0, slot: 12, worker: 'worker-1:4711', state: 'running', cause: '', cause_code: '' },
      ...{ since: 1767225601000, reported_at: 1767225900000, revision: 7, attempts: 0, next_attempt_at: 0 },
      ...{ cpu_percent: 12.5, memory_bytes: 48_000_000, lag_records: 0, lag_seconds: 0 },
      ...{ records_in_per_sec: 1200, indexed_per_sec: 1199.5, rejected_per_sec: 0.5 },
    },
  ],
  total_count: 1,
  history: [
    {
      ...{ index: 0, time: 1767225601000, state: 'running', cause: '', cause_code: '' },
      ...{ worker: 'worker-1:4711', revision: 7 },
    },
  ],
};
