import type { DesiredStateListener } from '../../src/control/desired-state-subscriber.js';
import type { DesiredTask } from '../../src/control/desired-task.js';
import type { TaskReport } from '../../src/control/task-report.js';
import { taskKey, type TaskId } from '../../src/domain/task.js';

export function desiredTask(changes: Partial<DesiredTask> = {}): DesiredTask {
  return {
    version: 1,
    pipelineId: 'p1',
    index: 0,
    revision: 1,
    desired: 'running',
    deployment: 'shared',
    parallelism: 1,
    isolation: 'shared',
    cpuLimit: 1,
    memoryLimitMiB: 256,
    pipelineName: 'a pipeline',
    inputTopic: 't.sdp.p1.input',
    errorTopic: 't.sdp.p1.error',
    consumerGroup: 't.sdp.p1',
    transactionalId: 't.sdp.p1#0',
    useIndexBaseInData: true,
    documentVersion: 'none',
    handlers: [],
    settings: {},
    ...changes,
  };
}

export function taskReport(changes: Partial<TaskReport> = {}): TaskReport {
  return {
    version: 1,
    pipelineId: 'p1',
    index: 0,
    workerId: 'w1',
    generation: 1,
    sequence: 1,
    revision: 1,
    state: 'running',
    cause: '',
    causeCode: '',
    since: 1,
    reportedAt: 1,
    attempts: 0,
    nextAttemptAt: 0,
    cpuPercent: 0,
    memoryBytes: 0,
    lagRecords: 0,
    lagSeconds: 0,
    recordsInPerSec: 0,
    indexedPerSec: 0,
    rejectedPerSec: 0,
    ...changes,
  };
}

/** Writes down what it is told, in order. */
export class RecordingListener implements DesiredStateListener {
  readonly told: string[] = [];
  readonly generations: number[] = [];
  readonly ready = new Set<number>();
  partitions: number[] = [];
  lost: number[] = [];

  onAssigned(partitions: number[], generation: number): void {
    this.partitions = partitions;
    this.generations.push(generation);
    this.ready.clear();
    this.told.push('assigned');
  }

  onLost(partitions: number[]): void {
    this.lost.push(...partitions);
    this.told.push('lost');
  }

  onDesired(task: DesiredTask, partition: number): void {
    this.told.push(`${taskKey(task)}@${partition} ${task.desired} r${task.revision}`);
  }

  onRemoved(task: TaskId, partition: number): void {
    this.told.push(`${taskKey(task)}@${partition} removed`);
  }

  onReady(partition: number): void {
    this.ready.add(partition);
    this.told.push(`ready ${partition}`);
  }

  get isReady(): boolean {
    return this.partitions.length > 0 && this.ready.size === this.partitions.length;
  }

  /** Since the last assignment, and without the partitions that were ready with nothing to tell. */
  get news(): string[] {
    const current = this.told.slice(this.told.lastIndexOf('assigned') + 1);
    const inUse = new Set(current.flatMap((line) => /@(\d+) /.exec(line)?.[1] ?? []));
    return current.filter((line) => !line.startsWith('ready ') || inUse.has(line.slice('ready '.length)));
  }
}
