import { availableParallelism } from 'node:os';
import { TaskThread, type TaskThreadListener, type ThreadDeath } from './task-thread.js';

export interface ThreadPoolListener {
  onMessage(thread: TaskThread, message: Parameters<TaskThreadListener['onMessage']>[0]): void;
  /** The tasks that ran on the thread; a fresh thread is made when one is asked for next. */
  onDied(keys: string[], death: ThreadDeath): void;
}

/** Threads that tasks share, made when they are needed; a task goes to the one with the fewest. */
export class ThreadPool {
  private threads: TaskThread[] = [];
  private made = 0;

  constructor(
    private readonly size: number,
    private readonly listener: ThreadPoolListener,
  ) {}

  /** `configured` 0 is one thread a core. */
  static sizeOf(configured: number): number {
    return configured > 0 ? configured : availableParallelism();
  }

  choose(): TaskThread {
    const idle = this.threads.find((thread) => thread.keys.size === 0);
    if (idle) {
      return idle;
    }
    if (this.threads.length < this.size) {
      return this.make(true);
    }
    return this.threads.reduce((best, thread) => (thread.keys.size < best.keys.size ? thread : best));
  }

  /** A thread for one task alone; it ends when it is closed. */
  dedicated(maxHeapMiB: number): TaskThread {
    return this.make(false, maxHeapMiB);
  }

  async close(): Promise<void> {
    const { threads } = this;
    this.threads = [];
    await Promise.all(threads.map((thread) => thread.close()));
  }

  private make(isShared: boolean, maxHeapMiB?: number): TaskThread {
    const listener: TaskThreadListener = {
      onMessage: (message) => this.listener.onMessage(thread, message),
      onDied: (death) => {
        this.threads = this.threads.filter((other) => other !== thread);
        this.listener.onDied([...thread.keys], death);
      },
    };
    const thread: TaskThread = new TaskThread(`tasks-${++this.made}`, listener, maxHeapMiB);
    if (isShared) {
      this.threads.push(thread);
    }
    return thread;
  }
}
