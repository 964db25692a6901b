import { createRequire } from 'node:module';

interface FetchedBatch {
  topic: string;
  partition: number;
  rawMessages: unknown[];
}

interface Runner {
  instrumentationEmitter: { emit(event: string, payload: unknown): void };
  handleBatch(batch: FetchedBatch): Promise<void>;
}

/**
 * A fetch at the end of a log, or in a hole that compaction left there, brings an empty answer, which kafkajs 2.2.4 drops
 * without a word: a reader that waits for the end offset would wait for ever, since no record will come. This reports
 * such answers as END_BATCH_PROCESS events whose payload has `isEmptyFetch`. Imported for its effect, before any client
 * is made.
 */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/runner.js') as { prototype: Runner };
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
const original = prototype.handleBatch;

prototype.handleBatch = async function (this: Runner, batch: FetchedBatch): Promise<void> {
  await original.call(this, batch);
  if (batch.rawMessages.length === 0) {
    const { topic, partition } = batch;
    this.instrumentationEmitter.emit('consumer.end_batch_process', { topic, partition, isEmptyFetch: true });
  }
};
