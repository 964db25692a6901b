import type { DesiredStateListener } from '../../control/desired-state-subscriber.js';
import type { DesiredTask } from '../../control/desired-task.js';
import { taskKey, type TaskId } from '../../domain/task.js';

/** What placement does with tasks; the supervisor is the one who can. */
export interface TaskRunnerOfWorker {
  apply(task: DesiredTask, generation: number): void;
  remove(task: TaskId): void;
  release(key: string): void;
}

/**
 * Decides what runs here: the tasks whose control partition this worker has. Nothing starts before everything that a
 * partition held at its assignment was told; losing a partition ends its tasks.
 */
export class Placement implements DesiredStateListener {
  private readonly partitionOf = new Map<string, number>();
  private readonly untold = new Map<number, DesiredTask[]>();
  private generation = 0;
  private isAssigned = false;

  constructor(
    private readonly tasks: TaskRunnerOfWorker,
    /** The deployment that this worker serves; tasks of another one are left alone. */
    private readonly deployment: DesiredTask['deployment'] | undefined,
  ) {}

  /** True while the group has given this worker its partitions (which may be none). */
  get hasJoined(): boolean {
    return this.isAssigned;
  }

  onAssigned(partitions: number[], generation: number): void {
    this.isAssigned = true;
    this.generation = generation;
    this.untold.clear();
    for (const partition of partitions) {
      this.untold.set(partition, []);
    }
  }

  /** Of a rebalance only a part of the news: the assignment follows at once. */
  onLost(partitions: number[]): void {
    this.isAssigned = false;
    const lost = new Set(partitions);
    for (const [key, partition] of this.partitionOf) {
      if (lost.has(partition)) {
        this.partitionOf.delete(key);
        this.tasks.release(key);
      }
    }
  }

  onDesired(task: DesiredTask, partition: number): void {
    if (this.deployment !== undefined && task.deployment !== this.deployment) {
      // Others run it from now on.
      if (this.forget(taskKey(task), partition)) {
        this.tasks.release(taskKey(task));
      }
      return;
    }
    const waiting = this.untold.get(partition);
    if (waiting) {
      waiting.push(task);
    } else {
      this.apply(task, partition);
    }
  }

  onRemoved(task: TaskId, partition: number): void {
    // A task that was deleted and made again may have another partition: the old one keeps its tombstone for days.
    if (this.forget(taskKey(task), partition)) {
      this.tasks.remove(task);
    }
  }

  onReady(partition: number): void {
    const waiting = this.untold.get(partition) ?? [];
    this.untold.delete(partition);
    for (const task of waiting) {
      this.apply(task, partition);
    }
  }

  /** False when the task is not here by a word of this partition. */
  private forget(key: string, partition: number): boolean {
    return this.partitionOf.get(key) === partition && this.partitionOf.delete(key);
  }

  private apply(task: DesiredTask, partition: number): void {
    this.partitionOf.set(taskKey(task), partition);
    this.tasks.apply(task, this.generation);
  }
}
