import { AsyncLocalStorage } from 'node:async_hooks';
import { availableParallelism } from 'node:os';
import { TaskThread, type TaskThreadListener, type ThreadDeath } from './task-thread.js';

export interface ThreadPoolListener {
  onMessage(thread: TaskThread, message: Parameters<TaskThreadListener['onMessage']>[0]): void;
  /** The tasks that ran on the thread; a fresh thread is made when one is asked for next. */
  onDied(keys: string[], death: ThreadDeath): void;
}

/** Threads that tasks share, made when they are needed; a task goes to the one with the fewest. */
export class ThreadPool {
  /** Those that tasks share. */
  private threads: TaskThread[] = [];
  private readonly alive = new Set<TaskThread>();
  private made = 0;
  /** Runs something as if it were called from where this pool was made. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly size: number,
    private readonly listener: ThreadPoolListener,
    private logLevel: string,
  ) {}

  /** `configured` 0 is one thread a core. */
  static sizeOf(configured: number): number {
    return configured > 0 ? configured : availableParallelism();
  }

  /** Those that run now, shared or not. */
  all(): TaskThread[] {
    return [...this.alive];
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

  /** Of the threads that are there, and of those to come. */
  setLogLevel(level: string): void {
    this.logLevel = level;
    for (const thread of this.alive) {
      thread.post({ kind: 'log_level', level });
    }
  }

  async close(): Promise<void> {
    const { threads } = this;
    this.threads = [];
    await Promise.all(threads.map((thread) => thread.close()));
  }

  private make(isShared: boolean, maxHeapMiB?: number): TaskThread {
    const listener: TaskThreadListener = {
      onMessage: (message) => this.listener.onMessage(thread, message),
      onExit: () => this.alive.delete(thread),
      onDied: (death) => {
        this.threads = this.threads.filter((other) => other !== thread);
        this.listener.onDied([...thread.keys], death);
      },
    };
    // Whatever a thread tells runs in the context in which the thread was made: were it that of the message that started
    // a task, all that its tasks do later would belong to the trace of that message.
    const thread: TaskThread = this.outside(() => new TaskThread(`tasks-${++this.made}`, listener, maxHeapMiB));
    this.alive.add(thread);
    thread.post({ kind: 'log_level', level: this.logLevel });
    if (isShared) {
      this.threads.push(thread);
    }
    return thread;
  }
}
