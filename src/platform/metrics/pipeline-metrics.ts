import type { Counter, Gauge, Histogram } from 'prom-client';
import type { TaskId, TaskState } from '../../domain/task.js';
import { taskKey } from '../../domain/task.js';
import type { MetricsRegistry } from './metrics-registry.js';
import {
  TASK_COUNTERS,
  TASK_GAUGES,
  TASK_HISTOGRAMS,
  type TaskCounter,
  type TaskGauge,
  type TaskHistogram,
} from './task-metric-table.js';
import type { PartitionLag, RejectedCount, TaskMetricsDelta } from './task-metrics-delta.js';

type OfTask = 'pipeline' | 'task';
type TaskLabels = Record<OfTask, string>;

const TASK_LABELS = ['pipeline', 'task'] as const;
const TASK_STATES: Readonly<Record<TaskState, true>> = {
  starting: true,
  running: true,
  waiting: true,
  error: true,
  stopping: true,
  stopped: true,
  moved: true,
  unknown: true,
};

/** What is known of a task that is shown: which labels its series have beyond its own, so that all can be taken away. */
interface Shown {
  recordsInFlight: number;
  rejected: Map<string, { stage: string; code: string }>;
  partitions: Set<number>;
}

/** What the tasks of this process count. A series of zero is shown from a task's first delta on. */
export class PipelineMetrics {
  private readonly shown = new Map<string, Shown>();
  private readonly counters: Record<TaskCounter, Counter<OfTask>>;
  private readonly gauges: Record<TaskGauge, Gauge<OfTask>>;
  private readonly histograms: Record<TaskHistogram, Histogram<OfTask>>;
  private readonly restarts: Counter<OfTask>;
  private readonly rejected: Counter<OfTask | 'stage' | 'code'>;
  private readonly lagRecords: Gauge<OfTask | 'partition'>;
  private readonly lagSeconds: Gauge<OfTask | 'partition'>;
  private readonly state: Gauge<OfTask | 'state'>;

  constructor(registry: MetricsRegistry) {
    const labels = TASK_LABELS;
    const withLabel = <Label extends string>(label: Label) => [...TASK_LABELS, label] as const;
    this.counters = mapValues(TASK_COUNTERS, (shown) => registry.counter({ ...shown, labels }));
    this.gauges = mapValues(TASK_GAUGES, (shown) => registry.gauge({ ...shown, labels }));
    this.histograms = mapValues(TASK_HISTOGRAMS, (shown) => registry.histogram({ ...shown, labels }));
    this.restarts = registry.counter({
      name: 'sdp_task_restarts_total',
      help: 'Runs of a task that failed, its thread dying among the reasons; each is followed by another run.',
      labels,
    });
    this.rejected = registry.counter({
      name: 'sdp_records_rejected_total',
      help: 'Records written to the error topic, by the stage and code of the rejection.',
      labels: [...TASK_LABELS, 'stage', 'code'],
    });
    this.lagRecords = registry.gauge({
      name: 'sdp_lag_records',
      help: 'Records of a partition that are not yet committed.',
      labels: withLabel('partition'),
    });
    this.lagSeconds = registry.gauge({
      name: 'sdp_lag_seconds',
      help: 'Seconds since the timestamp of the first record of a partition that is not yet committed; 0 when there is none.',
      labels: withLabel('partition'),
    });
    this.state = registry.gauge({
      name: 'sdp_task_state',
      help: 'State of a task: 1 for the one it is in, 0 for the others.',
      labels: withLabel('state'),
    });
  }

  apply(delta: TaskMetricsDelta): void {
    const id = { pipelineId: delta.pipelineId, index: delta.taskIndex };
    const labels = labelsOf(id);
    const shown = this.shownOf(taskKey(id));
    for (const key of keysOf(delta.counts)) {
      this.counters[key].inc(labels, delta.counts[key]);
    }
    for (const key of keysOf(delta.gauges)) {
      this.gauges[key].set(labels, delta.gauges[key]);
    }
    for (const key of keysOf(delta.observed)) {
      delta.observed[key].forEach((value) => this.histograms[key].observe(labels, value));
    }
    this.restarts.inc(labels, 0);
    shown.recordsInFlight = delta.gauges.recordsInFlight;
    this.applyRejected(labels, shown, delta.recordsRejected);
    this.applyLag(labels, shown, delta.lag);
  }

  setTaskState(task: TaskId, state: TaskState): void {
    Object.keys(TASK_STATES).forEach((name) =>
      this.state.set({ ...labelsOf(task), state: name }, name === state ? 1 : 0),
    );
  }

  countTaskRestart(task: TaskId): void {
    this.restarts.inc(labelsOf(task));
  }

  /** Nothing runs of the task any more: what it was last known to have in flight is read again. */
  giveBack(task: TaskId): void {
    const shown = this.shown.get(taskKey(task));
    if (shown) {
      const labels = labelsOf(task);
      this.counters.recordsReplayed.inc(labels, shown.recordsInFlight);
      shown.recordsInFlight = 0;
      keysOf(this.gauges).forEach((key) => this.gauges[key].set(labels, 0));
    }
  }

  /** Takes all series of a task away: call it when the task has left this process, else its last values stay for ever. */
  forgetTask(task: TaskId): void {
    const labels = labelsOf(task);
    const shown = this.shownOf(taskKey(task));
    this.everyMetric().forEach((metric) => metric.remove(labels));
    shown.rejected.forEach((rejection) => this.rejected.remove({ ...labels, ...rejection }));
    this.applyLag(labels, shown, []);
    Object.keys(TASK_STATES).forEach((state) => this.state.remove({ ...labels, state }));
    this.shown.delete(taskKey(task));
  }

  private applyRejected(labels: TaskLabels, shown: Shown, rejected: readonly RejectedCount[]): void {
    for (const { stage, code, count } of rejected) {
      this.rejected.inc({ ...labels, stage, code }, count);
      shown.rejected.set(`${stage} ${code}`, { stage, code });
    }
  }

  private applyLag(labels: TaskLabels, shown: Shown, lag: readonly PartitionLag[]): void {
    const of = (partition: number) => ({ ...labels, partition: String(partition) });
    for (const partition of shown.partitions) {
      this.lagRecords.remove(of(partition));
      this.lagSeconds.remove(of(partition));
    }
    for (const { partition, records, seconds } of lag) {
      this.lagRecords.set(of(partition), records);
      if (seconds !== undefined) {
        this.lagSeconds.set(of(partition), seconds);
      }
    }
    shown.partitions = new Set(lag.map(({ partition }) => partition));
  }

  private everyMetric(): { remove(labels: TaskLabels): void }[] {
    const { counters, gauges, histograms, restarts } = this;
    return [...Object.values(counters), ...Object.values(gauges), ...Object.values(histograms), restarts];
  }

  private shownOf(key: string): Shown {
    const shown = this.shown.get(key) ?? { recordsInFlight: 0, rejected: new Map(), partitions: new Set() };
    this.shown.set(key, shown);
    return shown;
  }
}

function labelsOf(task: TaskId): TaskLabels {
  return { pipeline: task.pipelineId, task: String(task.index) };
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  map: (value: From) => To,
): Record<Key, To> {
  return Object.fromEntries(keysOf(record).map((key) => [key, map(record[key])])) as Record<Key, To>;
}
