import type { WorkerPool } from './worker-pool.js';

/**
 * What a consumer calls with each message. It hands the message to the workers; a promise means that these have no room
 * for the next one until it has resolved.
 */
export type ConsumerDispatchHandler<TMessage> = (message: TMessage) => Promise<void> | undefined;

/** Hands messages to a pool, whose work is to make the context of a message and to run its handlers. */
export function consumerDispatchHandler<TMessage>(pool: WorkerPool<TMessage>): ConsumerDispatchHandler<TMessage> {
  return (message) => pool.submit(message);
}
