import { appStartedError, deadlineError } from './context-error.js';
import { consumerDispatchHandler } from './consumer-dispatch-handler.js';
import { loggedData } from './logged-data.js';
import { failedByBug, toError, type FailOutcome } from './outcome.js';
import { isPromiseLike } from './promise-like.js';
import type { RunResult } from './run-result.js';
import { lineLogger } from './stream-logger.js';
import { type AppContext, type CompleteOptions, type StreamAppOptions, withDefaults } from './stream-app-options.js';
import { WorkerPool, type WorkerPoolStats } from './worker-pool.js';

/** A message whose turn has come. */
interface Turn<TMessage> {
  readonly message: TMessage;
  /** Aborted when the work is given up. */
  readonly signal: AbortSignal;
  readonly startedAt: number;
}

/**
 * A streaming service: source → a context a message → handlers, in a pool of workers → settled. At least once: a message
 * is settled when its handlers are through and what they wrote is acknowledged, or when it has failed and the error sink
 * has it. What was not settled when the app ended is delivered again.
 *
 * A handler that fails or throws fails its message alone. A source that cannot go on, or an error sink that cannot take a
 * failed message, ends the app: nothing is skipped silently.
 */
export class StreamApp<TMessage, TContext extends AppContext<TContext>> {
  private readonly options: CompleteOptions<TMessage, TContext>;
  private readonly pool: WorkerPool<TMessage>;
  private readonly sourceStop = new AbortController();
  private readonly atWork = new Set<TContext>();
  private readonly end = Promise.withResolvers<void>();
  /** Started, or stopped without that. */
  private hasBegun = false;
  private isGivenUp = false;
  /** What the app has ended for. */
  private fault: Error | undefined;

  constructor(options: StreamAppOptions<TMessage, TContext>) {
    this.options = withDefaults(
      options,
      lineLogger((line) => process.stderr.write(line)),
    );
    const { concurrency, queueLimit, laneOf } = this.options;
    this.pool = new WorkerPool<TMessage>({
      ...{ concurrency, queueLimit },
      ...(laneOf && { laneOf }),
      work: (message, signal) => this.work(message, signal),
      onError: (error) => this.giveUp(error),
    });
    this.end.promise.catch(() => undefined);
  }

  /** Resolves when the app has ended after `stop`; rejects with what ended it before. */
  get ended(): Promise<void> {
    return this.end.promise;
  }

  get stats(): WorkerPoolStats {
    return this.pool.stats;
  }

  /** Begins to take messages. Throws when it was started before. */
  start(): void {
    if (this.hasBegun) {
      throw appStartedError();
    }
    this.hasBegun = true;
    void this.run();
  }

  /**
   * Takes nothing more, finishes what was taken, settles it, and leaves. What is not finished within the deadline is
   * cancelled and will be delivered again. Resolves when the app has ended, also when it was never started.
   */
  async stop({ deadlineMs = 30_000 }: { deadlineMs?: number } = {}): Promise<void> {
    if (!this.hasBegun) {
      this.hasBegun = true;
      void this.leave();
    }
    const timer = setTimeout(() => this.cancelWork(deadlineError(deadlineMs)), deadlineMs);
    this.sourceStop.abort();
    try {
      await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  private async run(): Promise<void> {
    try {
      await this.options.source.run(consumerDispatchHandler(this.pool), this.sourceStop.signal);
    } catch (error) {
      // Work that was given up refuses what the source still had.
      if (!this.isGivenUp) {
        this.giveUp(error);
      }
    }
    await this.pool.drain();
    await this.leave();
  }

  /** Also after a fault: what was settled before it stays settled. */
  private async leave(): Promise<void> {
    const { source, sinks, errorSink } = this.options;
    const closings = [source, errorSink, ...sinks].map((part) => () => part.close());
    for (const close of closings) {
      try {
        await close();
      } catch (error) {
        this.fault ??= toError(error);
      }
    }
    if (this.fault) {
      this.end.reject(this.fault);
    } else {
      this.end.resolve();
    }
  }

  private work(message: TMessage, signal: AbortSignal): void | Promise<void> {
    const startedAt = performance.now();
    let context: TContext;
    try {
      context = this.options.contextOf(message);
    } catch (error) {
      return this.conclude({ message, signal, startedAt }, failedByBug(error));
    }
    const running = context.run(this.options.chain);
    return isPromiseLike(running)
      ? this.follow({ message, signal, startedAt }, context, running)
      : this.conclude({ message, signal, startedAt }, running);
  }

  private async follow(turn: Turn<TMessage>, context: TContext, running: Promise<RunResult>): Promise<void> {
    this.atWork.add(context);
    try {
      await this.conclude(turn, await running);
    } finally {
      this.atWork.delete(context);
    }
  }

  /** What was given up is neither settled nor reported: it comes again. */
  private conclude(turn: Turn<TMessage>, result: RunResult): void | Promise<void> {
    if (this.isGivenUp) {
      return undefined;
    }
    const { observer, source, logger } = this.options;
    const { message, startedAt } = turn;
    observer.ended?.(message, result, performance.now() - startedAt);
    for (const error of result.deferErrors ?? []) {
      logger.error({ err: described(error) }, 'A defer handler failed');
    }
    if (result.kind === 'fail') {
      return this.reject(turn, result);
    }
    source.settle(message, result);
    return undefined;
  }

  private async reject({ message, signal }: Turn<TMessage>, result: FailOutcome): Promise<void> {
    const { error, isBug } = result;
    const { logger, errorSink, source, describe, maxLoggedCharacters, maskedFields } = this.options;
    const data = loggedData(describe(message), { maxCharacters: maxLoggedCharacters, maskedFields });
    logger.error({ err: described(error), isBug, data }, 'A message failed');
    await errorSink.send({ message, error, isBug }, signal);
    source.settle(message, result);
  }

  private giveUp(error: unknown): void {
    this.fault ??= toError(error);
    this.sourceStop.abort();
    this.cancelWork(error);
  }

  private cancelWork(reason: unknown): void {
    this.isGivenUp = true;
    this.pool.cancel(reason);
    this.atWork.forEach((context) => context.cancel(reason));
  }
}

function described({ name, message, stack }: Error): object {
  return { name, message, stack };
}
