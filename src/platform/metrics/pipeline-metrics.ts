import type { Counter, Gauge, Histogram } from 'prom-client';
import type { TaskId, TaskState } from '../../domain/task.js';
import { taskKey } from '../../domain/task.js';
import type { MetricsRegistry } from './metrics-registry.js';
import type { TaskMetricsDelta } from './task-metrics-delta.js';

type OfTask = 'pipeline' | 'task';
type TaskLabels = Record<OfTask, string>;

const TASK_LABELS = ['pipeline', 'task'] as const;
const DURATION_BUCKETS_SEC = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
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

/** Which labels a task's series have beyond those of the task, so that they can be taken away with it. */
interface Shown {
  rejected: Map<string, { stage: string; code: string }>;
  partitions: Set<number>;
}

/** What the tasks of this process count. A series of zero is shown from a task's first delta on. */
export class PipelineMetrics {
  private readonly shown = new Map<string, Shown>();
  private readonly recordsIn: Counter<OfTask>;
  private readonly indexed: Counter<OfTask>;
  private readonly forwarded: Counter<OfTask>;
  private readonly rejected: Counter<OfTask | 'stage' | 'code'>;
  private readonly skipped: Counter<OfTask>;
  private readonly dropped: Counter<OfTask>;
  private readonly superseded: Counter<OfTask>;
  private readonly lostToRetention: Counter<OfTask>;
  private readonly bytesIn: Counter<OfTask>;
  private readonly bulkRetries: Counter<OfTask>;
  private readonly restarts: Counter<OfTask>;
  private readonly bulkDuration: Histogram<OfTask>;
  private readonly transactionDuration: Histogram<OfTask>;
  private readonly bulksInFlight: Gauge<OfTask>;
  private readonly bufferBytes: Gauge<OfTask>;
  private readonly lag: Gauge<OfTask | 'partition'>;
  private readonly state: Gauge<OfTask | 'state'>;

  constructor(registry: MetricsRegistry) {
    const counter = (name: string, help: string) =>
      registry.counter({ name: `sdp_${name}_total`, help, labels: TASK_LABELS });
    const gauge = (name: string, help: string) => registry.gauge({ name: `sdp_${name}`, help, labels: TASK_LABELS });
    const histogram = (name: string, help: string) =>
      registry.histogram({ name: `sdp_${name}_seconds`, help, labels: TASK_LABELS, buckets: DURATION_BUCKETS_SEC });
    this.recordsIn = counter('records_in', 'Records read from the input topic.');
    this.indexed = counter('records_indexed', 'Records that OpenSearch has acknowledged.');
    this.forwarded = counter('records_forwarded', 'Records written to an output topic.');
    this.rejected = registry.counter({
      name: 'sdp_records_rejected_total',
      help: 'Records written to the error topic, by the stage and code of the rejection.',
      labels: [...TASK_LABELS, 'stage', 'code'],
    });
    this.skipped = counter('records_skipped', 'Records without a value that were skipped.');
    this.dropped = counter('records_dropped', 'Records that a handler has dropped.');
    this.superseded = counter('records_superseded', 'Records whose document already had a newer version.');
    this.lostToRetention = counter(
      'records_lost_to_retention',
      'Records that the retention of the input topic deleted before they were read.',
    );
    this.bytesIn = counter('bytes_in', 'Bytes of the records read from the input topic.');
    this.bulkRetries = counter('bulk_retries', 'Bulk requests that were sent again.');
    this.restarts = counter('task_restarts', 'Restarts of a task after a failure.');
    this.bulkDuration = histogram('bulk_duration', 'Duration of bulk requests.');
    this.transactionDuration = histogram('transaction_duration', 'Duration of Kafka transactions.');
    this.bulksInFlight = gauge('bulks_in_flight', 'Bulk requests on the way.');
    this.bufferBytes = gauge('buffer_bytes', 'Bytes of records held in memory.');
    this.lag = registry.gauge({
      name: 'sdp_lag_records',
      help: 'Records of a partition that are not yet committed.',
      labels: [...TASK_LABELS, 'partition'],
    });
    this.state = registry.gauge({
      name: 'sdp_task_state',
      help: 'State of a task: 1 for the one it is in, 0 for the others.',
      labels: [...TASK_LABELS, 'state'],
    });
  }

  apply(delta: TaskMetricsDelta): void {
    const labels = labelsOf({ pipelineId: delta.pipelineId, index: delta.taskIndex });
    this.recordsIn.inc(labels, delta.recordsIn);
    this.bytesIn.inc(labels, delta.bytesIn);
    this.indexed.inc(labels, delta.recordsIndexed);
    this.forwarded.inc(labels, delta.recordsForwarded);
    this.skipped.inc(labels, delta.recordsSkipped);
    this.dropped.inc(labels, delta.recordsDropped);
    this.superseded.inc(labels, delta.recordsSuperseded);
    this.lostToRetention.inc(labels, delta.recordsLostToRetention);
    this.bulkRetries.inc(labels, delta.bulkRetries);
    delta.bulkDurationsSec.forEach((seconds) => this.bulkDuration.observe(labels, seconds));
    delta.transactionDurationsSec.forEach((seconds) => this.transactionDuration.observe(labels, seconds));
    this.bulksInFlight.set(labels, delta.bulksInFlight);
    this.bufferBytes.set(labels, delta.bufferBytes);
    const shown = this.shownOf(taskKey({ pipelineId: delta.pipelineId, index: delta.taskIndex }));
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

  /** Takes all series of a task away: call it when the task has left this process, else its last values stay for ever. */
  forgetTask(task: TaskId): void {
    const labels = labelsOf(task);
    const shown = this.shownOf(taskKey(task));
    this.plainMetrics().forEach((metric) => metric.remove(labels));
    shown.rejected.forEach((rejection) => this.rejected.remove({ ...labels, ...rejection }));
    this.applyLag(labels, shown, []);
    Object.keys(TASK_STATES).forEach((state) => this.state.remove({ ...labels, state }));
    this.shown.delete(taskKey(task));
  }

  private applyRejected(labels: TaskLabels, shown: Shown, rejected: TaskMetricsDelta['recordsRejected']): void {
    for (const { stage, code, count } of rejected) {
      this.rejected.inc({ ...labels, stage, code }, count);
      shown.rejected.set(`${stage} ${code}`, { stage, code });
    }
  }

  private applyLag(labels: TaskLabels, shown: Shown, lag: TaskMetricsDelta['lag']): void {
    const held = new Set(lag.map(({ partition }) => partition));
    for (const partition of shown.partitions) {
      if (!held.has(partition)) {
        this.lag.remove({ ...labels, partition: String(partition) });
      }
    }
    lag.forEach(({ partition, records }) => this.lag.set({ ...labels, partition: String(partition) }, records));
    shown.partitions = held;
  }

  private shownOf(key: string): Shown {
    const shown = this.shown.get(key) ?? { rejected: new Map(), partitions: new Set() };
    this.shown.set(key, shown);
    return shown;
  }

  private plainMetrics(): { remove(labels: TaskLabels): void }[] {
    return [
      ...[
        this.recordsIn,
        this.indexed,
        this.forwarded,
        this.skipped,
        this.dropped,
        this.superseded,
        this.lostToRetention,
        this.bytesIn,
      ],
      ...[this.bulkRetries, this.restarts, this.bulkDuration, this.transactionDuration],
      ...[this.bulksInFlight, this.bufferBytes],
    ];
  }
}

function labelsOf(task: TaskId): TaskLabels {
  return { pipeline: task.pipelineId, task: String(task.index) };
}
