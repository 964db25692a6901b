import type { FlowBatch } from '../batch/flow-batch.js';
import type { BulkSender } from './bulk-sender.js';

export interface BulkIndexerOptions {
  maxInFlight: number;
}

export interface BulkIndexerListener {
  /** Every item of the batch is final. */
  onFinal(batch: FlowBatch): void;
  /** The batch could not be made final; nothing more is sent. */
  onFailure(error: unknown): void;
}

/**
 * Keeps a bounded number of bulks in flight. Two bulks in flight never hold the same explicit id: the later one waits,
 * so that OpenSearch sees them in order.
 */
export class BulkIndexer {
  private readonly inFlight = new Map<FlowBatch, Promise<void>>();

  constructor(
    private readonly sender: BulkSender,
    private readonly listener: BulkIndexerListener,
    private readonly options: BulkIndexerOptions,
  ) {}

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Resolves once the batch is on its way, not when it is final. One call at a time. */
  async submit(batch: FlowBatch, signal: AbortSignal): Promise<void> {
    while (this.inFlight.size >= this.options.maxInFlight) {
      await Promise.race(this.inFlight.values());
    }
    const sameIds = [...this.inFlight].filter(([other]) => shareIds(other, batch)).map(([, sent]) => sent);
    await Promise.all(sameIds);
    signal.throwIfAborted();
    const sent = this.send(batch, signal).finally(() => this.inFlight.delete(batch));
    this.inFlight.set(batch, sent);
  }

  /** Resolves when nothing is in flight any more. */
  async drain(): Promise<void> {
    await Promise.all(this.inFlight.values());
  }

  private async send(batch: FlowBatch, signal: AbortSignal): Promise<void> {
    try {
      await this.sender.send(batch, signal);
      this.listener.onFinal(batch);
    } catch (error) {
      this.listener.onFailure(error);
    }
  }
}

function shareIds(a: FlowBatch, b: FlowBatch): boolean {
  if (a.ownIds.size === 0 || b.ownIds.size === 0) {
    return false;
  }
  const ids = new Set(a.ownIds.values());
  return b.ownIds.values().some((id) => ids.has(id));
}
