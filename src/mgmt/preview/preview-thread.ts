import { Worker } from 'node:worker_threads';
import { type FindBase, PreviewProgress, type PreviewResult } from './preview-progress.js';
import { THREAD_ENTRY } from './thread-entry.js';
import type { FromPreviewThread } from './thread/preview-messages.js';
import type { PreviewJob } from './thread/preview-job.js';

/** Two threads of this size beside the rest of the process: far from what a container of half a GiB has. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };
/** Loading the program, and peeking. */
const START_LIMIT_MS = 15_000;
/** What handlers may take for all records together. */
const RUN_LIMIT_MS = 5000;

/**
 * A thread that sends records through handlers, apart from the one that answers requests: a handler may keep its thread busy
 * for as long as it likes, and here that ends with the thread.
 */
export class PreviewThread {
  private readonly worker = new Worker(THREAD_ENTRY, {
    name: 'preview',
    resourceLimits: HEAP_LIMITS,
  });
  private progress: PreviewProgress | undefined;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  constructor() {
    // It must not keep a process alive that has nothing else to do.
    this.worker.unref();
    this.worker.on('message', (message: FromPreviewThread) => this.progress?.take(message));
    this.worker.on('error', (error: NodeJS.ErrnoException) => this.died(error));
    this.worker.on('exit', () => {
      this.hasEnded = true;
      this.progress?.cutOff('time');
    });
  }

  /** False: it takes no more jobs. */
  get isUsable(): boolean {
    return !this.hasEnded;
  }

  /** One at a time. Rejects when bases cannot be looked up or the topic cannot be read. */
  async run(job: PreviewJob, findBase: FindBase): Promise<PreviewResult> {
    const progress = new PreviewProgress(
      findBase,
      (message) => this.worker.postMessage(message),
      () => this.limit(RUN_LIMIT_MS),
    );
    this.progress = progress;
    this.limit(START_LIMIT_MS);
    this.worker.postMessage({ kind: 'run', job });
    try {
      return await progress.result;
    } finally {
      clearTimeout(this.timer);
      this.progress = undefined;
    }
  }

  /** What runs on it is cut off. */
  async close(): Promise<void> {
    this.hasEnded = true;
    await this.worker.terminate();
  }

  private limit(limitMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.close(), limitMs);
  }

  private died(error: NodeJS.ErrnoException): void {
    this.hasEnded = true;
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      this.progress?.cutOff('memory');
    } else {
      this.progress?.fail(error);
    }
  }
}
