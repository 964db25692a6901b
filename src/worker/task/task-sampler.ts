import { getHeapStatistics } from 'node:v8';
import type { TaskMetricsDelta } from '../../platform/metrics/task-metrics-delta.js';
import type { TaskRunner } from './task-runner.js';
import type { TaskSample } from './thread-messages.js';

interface Lag {
  records: number;
  seconds: number;
  partitions: { partition: number; records: number }[];
}

/** Takes what the tasks of one thread counted since the last time, and shares the thread's CPU and heap out to them. */
export class TaskSampler {
  private cpu = process.threadCpuUsage();
  private sampledAtMs = performance.now();

  take(runners: readonly TaskRunner[]): { runner: TaskRunner; sample: TaskSample; metrics: TaskMetricsDelta }[] {
    const now = performance.now();
    const seconds = Math.max((now - this.sampledAtMs) / 1000, 0.001);
    const used = process.threadCpuUsage(this.cpu);
    this.cpu = process.threadCpuUsage();
    this.sampledAtMs = now;
    const cpuPercent = (used.user + used.system) / 10_000 / seconds;
    const bytes = runners.reduce((sum, runner) => sum + runner.metrics.bytesIn, 0);
    const heapShare = runners.length > 0 ? getHeapStatistics().used_heap_size / runners.length : 0;
    return runners.map((runner) => {
      // A thread's CPU cannot be read by task: it is shared out by the bytes that each task read.
      const share = bytes > 0 ? runner.metrics.bytesIn / bytes : 1 / runners.length;
      return { runner, ...sampleOf(runner, { seconds, cpuPercent: cpuPercent * share, heapBytes: heapShare }) };
    });
  }
}

function sampleOf(runner: TaskRunner, used: { seconds: number; cpuPercent: number; heapBytes: number }) {
  const metrics = takeDelta(runner);
  const lag = lagOf(runner);
  const rejected = metrics.recordsRejected.reduce((sum, { count }) => sum + count, 0);
  const sample: TaskSample = {
    cpuPercent: used.cpuPercent,
    memoryBytes: Math.round(used.heapBytes + metrics.bufferBytes),
    lagRecords: lag.records,
    lagSeconds: lag.seconds,
    recordsInPerSec: metrics.recordsIn / used.seconds,
    indexedPerSec: metrics.recordsIndexed / used.seconds,
    rejectedPerSec: rejected / used.seconds,
  };
  return { sample, metrics: { ...metrics, lag: lag.partitions } };
}

function takeDelta(runner: TaskRunner): TaskMetricsDelta {
  const { metrics, settings, current } = runner;
  const delta: TaskMetricsDelta = {
    pipelineId: settings.desired.pipelineId,
    taskIndex: settings.desired.index,
    recordsIn: metrics.recordsIn,
    bytesIn: metrics.bytesIn,
    recordsIndexed: metrics.indexed,
    recordsForwarded: metrics.forwarded,
    recordsSkipped: metrics.skipped,
    recordsDropped: metrics.dropped,
    recordsSuperseded: metrics.superseded,
    recordsLostToRetention: metrics.lostToRetention,
    recordsRejected: [...metrics.rejected.values()],
    bulkRetries: metrics.bulkRetries,
    bulkDurationsSec: metrics.bulkSeconds,
    transactionDurationsSec: metrics.transactionSeconds,
    bulksInFlight: current?.indexer.inFlightCount ?? 0,
    bufferBytes: current?.flow.bufferedBytes ?? 0,
    lag: [],
  };
  metrics.reset();
  return delta;
}

/** Records behind what is committed; a partition of which nothing was committed yet counts from where reading began. */
function lagOf(runner: TaskRunner): Lag {
  const { current } = runner;
  const partitions = [...(current?.source.endOffsets ?? [])].map(([partition, end]) => ({
    partition,
    records: Math.max(
      0,
      end - (current?.commits.committed.get(partition) ?? current?.source.startOf(partition) ?? end),
    ),
  }));
  const records = partitions.reduce((sum, at) => sum + at.records, 0);
  const newest = current?.commits.lastRecordTimestamp ?? 0;
  return { records, seconds: records > 0 && newest > 0 ? Math.max(0, (Date.now() - newest) / 1000) : 0, partitions };
}
