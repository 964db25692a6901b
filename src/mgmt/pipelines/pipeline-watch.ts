import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RepeatingFault } from '../../platform/logging/repeating-fault.js';
import { etagOf } from './pipeline-etag.js';
import { PipelinesRepository } from './pipelines.repository.js';

const POLL_MS = 1000;
const WAIT_MS = 30_000;

interface Waiter {
  etags: ReadonlySet<string>;
  done: () => void;
}

/**
 * Callers who wait for a pipeline to change. One query a second answers all of a replica, and what it compares with is in
 * the database, so that it does not matter which replica makes a change, or whether this one was restarted meanwhile.
 */
@Injectable()
export class PipelineWatch {
  private readonly waiting = new Map<string, Set<Waiter>>();
  private readonly faults: RepeatingFault;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly pipelines: PipelinesRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.faults = new RepeatingFault(logger);
  }

  /** Callers who wait now. */
  get waiterCount(): number {
    return this.waiting.values().reduce((sum, waiters) => sum + waiters.size, 0);
  }

  /** Pipelines that they wait for. */
  get pipelineCount(): number {
    return this.waiting.size;
  }

  /**
   * Resolves when the pipeline has none of these ETags (or is gone), after 30 s, when `signal` aborts, or when the process
   * stops; who asked then reads it again.
   */
  async changed(id: string, etags: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    if (this.isStopped || signal.aborted) {
      return;
    }
    await new Promise<void>((resolve) => {
      const waiter: Waiter = { etags, done: () => end() };
      const timeout = setTimeout(() => end(), WAIT_MS);
      const end = () => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', end);
        this.remove(id, waiter);
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      this.add(id, waiter);
    });
  }

  /** Lets everybody go: their answers must not hold up the end of the process. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    [...this.waiting.values()].flatMap((waiters) => [...waiters]).forEach((waiter) => waiter.done());
  }

  private add(id: string, waiter: Waiter): void {
    const waiters = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, waiters.add(waiter));
    this.timer ??= this.schedule();
  }

  private remove(id: string, waiter: Waiter): void {
    const waiters = this.waiting.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) {
      this.waiting.delete(id);
    }
  }

  private schedule(): NodeJS.Timeout {
    return setTimeout(() => void this.look(), POLL_MS);
  }

  /** The next look is planned only when this one is done: a slow database is not asked more often than it answers. */
  private async look(): Promise<void> {
    try {
      await this.compare();
      this.faults.end('look', {}, 'Long polls are served again');
    } catch (error) {
      this.faults.report('look', { err: error }, 'Pipelines cannot be watched for long polls');
    }
    this.timer = this.waiting.size > 0 && !this.isStopped ? this.schedule() : undefined;
  }

  private async compare(): Promise<void> {
    const ids = [...this.waiting.keys()];
    if (ids.length === 0) {
      return;
    }
    const found = new Map((await this.pipelines.versionsOf(ids)).map((versioned) => [versioned.id, etagOf(versioned)]));
    for (const id of ids) {
      const etag = found.get(id);
      [...(this.waiting.get(id) ?? [])]
        .filter((waiter) => etag === undefined || !waiter.etags.has(etag))
        .forEach((waiter) => waiter.done());
    }
  }
}
