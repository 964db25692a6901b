import type { IndexBaseProviderName } from '../../config/index-base-config.js';
import type { DesiredTask } from '../../control/desired-task.js';
import type { Delivery } from '../../domain/pipeline.js';
import type { KafkaConnection } from '../../platform/kafka/kafka-connection.js';
import type { BulkConnection } from '../../platform/opensearch/bulk-connection.js';
import type { TargetBase } from '../../document/target-base.js';

/** Everything that a task needs to run, as plain data: it crosses from the main thread to the task's thread. */
export interface TaskSettings {
  desired: DesiredTask;
  kafka: KafkaConnection;
  opensearch: BulkConnection;
  /** Who keeps the index bases. */
  indexBaseProvider: IndexBaseProviderName;
  /** The pipeline's own base; absent when each record names its own. */
  ownBase?: TargetBase;
  /** Secrets that handlers may use, by name. */
  handlerSecrets: Readonly<Record<string, string>>;
  flushBytes: number;
  flushItems: number;
  flushIntervalMs: number;
  maxInFlightBulks: number;
  maxRecordBytes: number;
  maxBufferedBytes: number;
  maxIndexBases: number;
  failureThreshold: number;
  /** Ceiling of the delay between restarts after failures. */
  maxRestartDelayMs: number;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  transactionTimeoutMs: number;
  autoOffsetReset: 'earliest' | 'latest';
  tombstones: 'skip' | 'error';
  delivery: Delivery;
  /** Absent while tracing is off. */
  tracing?: { sampleRatio: number };
}
