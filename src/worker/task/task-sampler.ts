import { getHeapStatistics } from 'node:v8';
import type { PartitionLag, TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import { RateWindow } from './rate-window.js';
import type { TaskRunner } from './task-runner.js';
import type { TaskSample } from './thread-messages.js';

interface Used {
  seconds: number;
  cpuSeconds: number;
  heapBytes: number;
}

export interface Sampled {
  runner: TaskRunner;
  sample: TaskSample;
  metrics: TaskMetricsDelta;
}

/** Takes what the tasks of one thread counted since the last time, and shares the thread's CPU and heap out to them. */
export class TaskSampler {
  private readonly windows = new WeakMap<TaskRunner, RateWindow>();
  private cpu = process.threadCpuUsage();
  private sampledAtMs = performance.now();

  /** All of it in one turn: nothing is counted in between, so that the numbers of a task belong together. */
  take(runners: readonly TaskRunner[]): Sampled[] {
    const now = performance.now();
    const seconds = (now - this.sampledAtMs) / 1000;
    const cpu = process.threadCpuUsage();
    const cpuSeconds = (cpu.user - this.cpu.user + cpu.system - this.cpu.system) / 1_000_000;
    this.cpu = cpu;
    this.sampledAtMs = now;
    const bytes = runners.reduce((sum, runner) => sum + runner.metrics.bytesIn, 0);
    const heapBytes = runners.length > 0 ? getHeapStatistics().used_heap_size / runners.length : 0;
    return runners.map((runner) => {
      // A thread's CPU cannot be read by task: it is shared out by the bytes that each task read.
      const share = bytes > 0 ? runner.metrics.bytesIn / bytes : 1 / runners.length;
      const metrics = deltaOf(runner, { seconds, cpuSeconds: cpuSeconds * share, heapBytes });
      return { runner, metrics, sample: this.sampleOf(runner, metrics, seconds) };
    });
  }

  private sampleOf(
    runner: TaskRunner,
    { counts, gauges, recordsRejected, lag }: TaskMetricsDelta,
    seconds: number,
  ): TaskSample {
    const window = this.windows.get(runner) ?? new RateWindow();
    this.windows.set(runner, window);
    const rejected = recordsRejected.reduce((sum, { count }) => sum + count, 0);
    const rates = window.add(seconds, {
      cpuSeconds: counts.cpuSeconds,
      recordsIn: counts.recordsIn,
      indexed: counts.recordsIndexed,
      rejected,
    });
    return {
      cpuPercent: rates.cpuSeconds * 100,
      memoryBytes: gauges.memoryBytes,
      lagRecords: lag.reduce((sum, { records }) => sum + records, 0),
      lagSeconds: Math.max(0, ...lag.map((partition) => partition.seconds ?? 0)),
      recordsInPerSec: rates.recordsIn,
      indexedPerSec: rates.indexed,
      rejectedPerSec: rates.rejected,
    };
  }
}

function deltaOf(runner: TaskRunner, used: Used): TaskMetricsDelta {
  const { metrics, settings, current } = runner;
  const { counts, observed, recordsRejected } = metrics.take();
  const bufferBytes = current?.flow.bufferedBytes ?? 0;
  return {
    pipelineId: settings.desired.pipelineId,
    taskIndex: settings.desired.index,
    counts: { ...counts, cpuSeconds: used.cpuSeconds },
    gauges: {
      recordsInFlight: metrics.recordsInFlight,
      bulksInFlight: current?.indexer.inFlightCount ?? 0,
      bufferBytes,
      memoryBytes: Math.round(used.heapBytes + bufferBytes),
    },
    observed,
    recordsRejected,
    lag: lagOf(runner),
  };
}

/** Records behind what is committed; a partition of which nothing was committed yet counts from where reading began. */
function lagOf({ current }: TaskRunner): PartitionLag[] {
  if (!current) {
    return [];
  }
  const { source, commits, flow } = current;
  const firstTimestamps = flow.firstTimestamps();
  return [...source.endOffsets].map(([partition, end]) => {
    const records = Math.max(0, end - (commits.committed.get(partition) ?? source.startOf(partition) ?? end));
    // Not read yet: it is at least as young as the last one that is committed.
    const timestamp = firstTimestamps.get(partition) ?? commits.committedTimestamps.get(partition);
    const seconds = records === 0 ? 0 : ageSec(timestamp);
    return { partition, records, ...(seconds !== undefined && { seconds }) };
  });
}

/** A record without a time has no age. */
function ageSec(timestamp: number | undefined): number | undefined {
  return timestamp === undefined || timestamp < 0 ? undefined : Math.max(0, Date.now() - timestamp) / 1000;
}
