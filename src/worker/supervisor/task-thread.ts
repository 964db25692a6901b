import { Worker } from 'node:worker_threads';
import type { FailureCause } from '../task/failure-cause.js';
import type { FromThread, ToThread } from '../task/thread-messages.js';
import type { TaskSettings } from '../task/task-settings.js';

export interface ThreadDeath {
  cause: string;
  isOutOfMemory: boolean;
}

export interface ThreadUsage {
  /** Share of the time since its start in which it was busy. */
  eventLoopUtilization: number;
  heapUsedBytes: number;
  heapLimitBytes: number;
}

export interface TaskThreadListener {
  onMessage(message: FromThread): void;
  /** The thread is gone, wanted or not; before onDied. */
  onExit(): void;
  /** The thread is gone, with everything that ran on it. */
  onDied(death: ThreadDeath): void;
}

const ENTRY = new URL('../task/thread-host.js', import.meta.url);

const DIED_OF_TRIAL: FailureCause = { code: 'THREAD_DIED', text: 'the thread in which it was tried has ended' };

/** One thread with the tasks on it. A crash, an endless loop or a full heap in it does not touch the others. */
export class TaskThread {
  readonly keys = new Set<string>();
  private readonly worker: Worker;
  private readonly ending = new Map<string, PromiseWithResolvers<void>>();
  private readonly trying = new Map<string, PromiseWithResolvers<FailureCause | undefined>>();
  private isClosing = false;
  private death: ThreadDeath | undefined;

  constructor(
    readonly name: string,
    listener: TaskThreadListener,
    /** Heap that the thread may use before it dies of it; undefined is the process's own limit. */
    maxHeapMiB?: number,
  ) {
    const resourceLimits = maxHeapMiB === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMiB };
    this.worker = new Worker(ENTRY, { name, resourceLimits });
    this.worker.on('message', (message: FromThread) => {
      if (message.kind === 'ended') {
        this.ended(message.key);
      }
      if (message.kind === 'tried') {
        this.tried(message.key, message.fault);
      }
      listener.onMessage(message);
    });
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      const isOutOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.death = { cause: `${error.name}: ${error.message}`, isOutOfMemory };
    });
    this.worker.on('exit', (code) => {
      listener.onExit();
      for (const key of [...this.ending.keys()]) {
        this.ended(key);
      }
      for (const key of [...this.trying.keys()]) {
        this.tried(key, DIED_OF_TRIAL);
      }
      if (!this.isClosing) {
        listener.onDied(this.death ?? { cause: `thread exited with code ${code}`, isOutOfMemory: false });
      }
    });
  }

  start(key: string, settings: TaskSettings): void {
    this.keys.add(key);
    this.post({ kind: 'start', key, settings });
  }

  /** Resolves when the task has ended on the thread, or the thread itself has. */
  async stop(key: string, deadlineMs: number): Promise<void> {
    if (!this.keys.has(key)) {
      return;
    }
    const ended = this.ending.get(key) ?? Promise.withResolvers<void>();
    this.ending.set(key, ended);
    this.post({ kind: 'stop', key, deadlineMs });
    await ended.promise;
  }

  /**
   * What keeps a run by these settings from beginning here; undefined when nothing does. One question a task at a time. A
   * thread that ends over it is an answer as well.
   */
  async findStartFault(key: string, settings: TaskSettings): Promise<FailureCause | undefined> {
    const tried = Promise.withResolvers<FailureCause | undefined>();
    this.trying.set(key, tried);
    this.post({ kind: 'try', key, settings });
    return tried.promise;
  }

  post(message: ToThread): void {
    this.worker.postMessage(message);
  }

  async usage(): Promise<ThreadUsage> {
    const { utilization } = this.worker.performance.eventLoopUtilization();
    try {
      const heap = await this.worker.getHeapStatistics();
      return {
        eventLoopUtilization: utilization,
        heapUsedBytes: heap.used_heap_size,
        heapLimitBytes: heap.heap_size_limit,
      };
    } catch {
      // The thread ended meanwhile.
      return { eventLoopUtilization: utilization, heapUsedBytes: 0, heapLimitBytes: 0 };
    }
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.worker.terminate();
  }

  private tried(key: string, fault: FailureCause | undefined): void {
    this.trying.get(key)?.resolve(fault);
    this.trying.delete(key);
  }

  private ended(key: string): void {
    this.keys.delete(key);
    this.ending.get(key)?.resolve();
    this.ending.delete(key);
  }
}
