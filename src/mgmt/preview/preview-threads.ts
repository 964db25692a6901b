import { Injectable } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import type { FindBase, PreviewResult } from './preview-progress.js';
import { PreviewThread } from './preview-thread.js';
import type { PreviewJob } from './thread/preview-job.js';

const MAX_THREADS = 2;
const MAX_WAITING = 20;
const MAX_WAIT_MS = 10_000;
/** A thread takes some 0.2 s of CPU to start, and keeps the memory of its heap. */
const IDLE_MS = 60_000;

const ENDING = 'the service is ending';

interface Waiting {
  start: (thread: PreviewThread) => void;
  fail: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Runs previews, a few at a time; the others wait their turn, but neither long nor in any number. */
@Injectable()
export class PreviewThreads {
  private readonly threads = new Set<PreviewThread>();
  private readonly idle = new Map<PreviewThread, NodeJS.Timeout>();
  private readonly waiting: Waiting[] = [];
  private isClosed = false;

  /** Rejects with ServiceUnavailable.Preview when too many others are before it, and as {@link PreviewThread.run} says. */
  async run(job: PreviewJob, findBase: FindBase): Promise<PreviewResult> {
    const thread = await this.take();
    try {
      return await thread.run(job, findBase);
    } finally {
      this.giveBack(thread);
    }
  }

  /** Previews that run or wait are given up. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting.splice(0).forEach((one) => refuse(one, ENDING));
    this.idle.forEach((timer) => clearTimeout(timer));
    await Promise.all([...this.threads].map((thread) => thread.close()));
  }

  private take(): Promise<PreviewThread> | PreviewThread {
    for (const [thread, timer] of this.idle) {
      clearTimeout(timer);
      this.idle.delete(thread);
      if (thread.isUsable) {
        return thread;
      }
      this.threads.delete(thread);
    }
    return this.threads.size < MAX_THREADS && !this.isClosed ? this.open() : this.wait();
  }

  private open(): PreviewThread {
    const thread = new PreviewThread();
    this.threads.add(thread);
    return thread;
  }

  private wait(): Promise<PreviewThread> {
    if (this.isClosed) {
      throw busy(ENDING);
    }
    if (this.waiting.length >= MAX_WAITING) {
      throw busy(`${MAX_WAITING} others wait`);
    }
    return new Promise((start, fail) => {
      const one: Waiting = { start, fail, timer: setTimeout(() => this.giveUp(one), MAX_WAIT_MS) };
      this.waiting.push(one);
    });
  }

  private giveUp(one: Waiting): void {
    this.waiting.splice(this.waiting.indexOf(one), 1);
    refuse(one, `others took longer than ${MAX_WAIT_MS / 1000} s`);
  }

  private giveBack(thread: PreviewThread): void {
    if (!thread.isUsable || this.isClosed) {
      this.threads.delete(thread);
    }
    const next = this.isClosed ? undefined : this.waiting.shift();
    if (next) {
      clearTimeout(next.timer);
      next.start(thread.isUsable ? thread : this.open());
    } else if (this.threads.has(thread)) {
      this.idle.set(thread, setTimeout(() => this.end(thread), IDLE_MS).unref());
    }
  }

  private end(thread: PreviewThread): void {
    this.idle.delete(thread);
    this.threads.delete(thread);
    void thread.close();
  }
}

function refuse({ fail, timer }: Waiting, reason: string): void {
  clearTimeout(timer);
  fail(busy(reason));
}

function busy(reason: string): ApiError {
  return new ApiError('ServiceUnavailable.Preview', { reason });
}
