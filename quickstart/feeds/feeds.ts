import { setTimeout as delay } from 'node:timers/promises';

import type { Feed } from './feed.ts';

const idleMs = 250;

/** Keeps all feeds going until it is stopped. */
export class Feeds {
  readonly #feeds: readonly Feed[];
  readonly #stopping = new AbortController();
  readonly #onFault: (feed: Feed, error: unknown) => void;
  #running: Promise<void> = Promise.resolve();

  /** `onFault` decides: what it throws ends the feeding and is thrown by `stop`, else the feed goes on with what comes next. */
  constructor(feeds: readonly Feed[], onFault: (feed: Feed, error: unknown) => void) {
    this.#feeds = feeds;
    this.#onFault = onFault;
  }

  start(): void {
    this.#running = this.#run();
    // It is thrown where it is waited for.
    this.#running.catch(() => undefined);
  }

  /** Takes in what is in the logs by now, up to the feeds' limits, and returns when all of it is sent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      if (!(await this.#pumpAll()))
        await delay(idleMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    await this.#pumpAll();
  }

  /** False when there was nothing new. */
  async #pumpAll(): Promise<boolean> {
    const counts = await Promise.all(this.#feeds.map((feed) => this.#pump(feed)));
    return counts.some((count) => count > 0);
  }

  async #pump(feed: Feed): Promise<number> {
    try {
      return await feed.pump();
    } catch (error) {
      this.#onFault(feed, error);
      return 0;
    }
  }
}
