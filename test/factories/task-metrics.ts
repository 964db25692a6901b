import {
  TASK_COUNTERS,
  TASK_GAUGES,
  TASK_HISTOGRAMS,
  type TaskCounter,
  type TaskGauge,
  type TaskHistogram,
} from '../../src/platform/metrics/task-metric-table.js';
import type { TaskMetricsDelta } from '../../src/platform/metrics/task-metrics-delta.js';

interface GivenDelta {
  pipelineId?: string;
  taskIndex?: number;
  counts?: Partial<Record<TaskCounter, number>>;
  gauges?: Partial<Record<TaskGauge, number>>;
  observed?: Partial<Record<TaskHistogram, number[]>>;
  recordsRejected?: TaskMetricsDelta['recordsRejected'];
  lag?: TaskMetricsDelta['lag'];
}

/** What a task tells; nothing happened beyond what is given. */
export function taskDelta({ pipelineId = 'orders', taskIndex = 1, ...given }: GivenDelta = {}): TaskMetricsDelta {
  return {
    pipelineId,
    taskIndex,
    counts: { ...every(TASK_COUNTERS, 0), ...given.counts },
    gauges: { ...every(TASK_GAUGES, 0), ...given.gauges },
    observed: { ...every(TASK_HISTOGRAMS, []), ...given.observed },
    recordsRejected: given.recordsRejected ?? [],
    lag: given.lag ?? [],
  };
}

function every<Key extends string, Value>(table: Readonly<Record<Key, unknown>>, value: Value): Record<Key, Value> {
  return Object.fromEntries(Object.keys(table).map((key) => [key, value])) as Record<Key, Value>;
}
