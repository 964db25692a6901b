/**
 * The entry point `flow-stream-data-pipeline/stream`: work on a stream of records, one context a record, one chain of
 * handlers. It loads neither Nest nor a client of anything.
 *
 * @module
 */
export type { CodedError } from '../domain/coded-error.js';
export { BaseContext } from './base-context.js';
export { consumerDispatchHandler, type ConsumerDispatchHandler } from './consumer-dispatch-handler.js';
export { contextErrorCodes } from './context-error.js';
export type { ContextHandler, DeferHandler } from './context-handler.js';
export type { ContextOptions, DeriveOptions, RecordSource, StateSource } from './context-options.js';
export { HandlerChain, type HandlerLists } from './handler-chain.js';
export { fail, next, stop, type FailOutcome, type NextOutcome, type Outcome, type StopOutcome } from './outcome.js';
export type { RunResult } from './run-result.js';
export type { Sink } from './sink.js';
export type { Source } from './source.js';
export { StreamApp } from './stream-app.js';
export type { AppContext, FailedMessage, StreamAppOptions, StreamObserver } from './stream-app-options.js';
export type { StreamLogger } from './stream-logger.js';
export { WorkerPool, type LaneKey, type WorkerPoolOptions, type WorkerPoolStats } from './worker-pool.js';
export { writeTo } from './write-to.js';
