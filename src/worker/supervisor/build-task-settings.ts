import type { AppConfig } from '../../config/app-config.js';
import { handlerSecretsOf } from '../../config/handlers-config.js';
import type { DesiredTask } from '../../control/desired-task.js';
import { kafkaConnection } from '../../platform/kafka/kafka-connection.js';
import { bulkConnection } from '../../platform/opensearch/bulk-connection.js';
import type { TaskSettings } from '../task/task-settings.js';

const MIB = 1024 * 1024;
/** What a task may hold is a sixth of its memory, and never more than this. */
const MAX_BUFFERED_MIB = 32;

/** The configuration, with the pipeline's own overrides, as one task sees it. */
export function buildTaskSettings(config: AppConfig, desired: DesiredTask): TaskSettings {
  const { server, kafka, opensearch, indexBase, tracing, handlers } = config;
  const { settings } = desired;
  return {
    desired,
    kafka: kafkaConnection(config),
    opensearch: bulkConnection(opensearch),
    indexBaseProvider: indexBase.provider,
    ...(desired.indexBase && {
      ownBase: { ...desired.indexBase, outputTopic: desired.outputTopic ?? '', isOwn: true },
    }),
    handlerSecrets: handlerSecretsOf(handlers),
    flushBytes: (settings.flushMiB ?? server.flushMiB) * MIB,
    flushItems: settings.flushItems ?? server.flushItems,
    flushIntervalMs: (settings.flushIntervalSec ?? server.flushIntervalSec) * 1000,
    maxInFlightBulks: server.maxInFlightBulks,
    maxRecordBytes: server.maxRecordMiB * MIB,
    maxBufferedBytes: Math.floor(Math.min(MAX_BUFFERED_MIB, desired.memoryLimitMiB / 6) * MIB),
    maxIndexBases: server.maxIndexBasesPerTask,
    failureThreshold: server.failureThreshold,
    maxRestartDelayMs: server.watchWorkersIntervalMin * 60_000,
    sessionTimeoutMs: kafka.sessionTimeoutMs,
    rebalanceTimeoutMs: kafka.maxPollIntervalMs,
    transactionTimeoutMs: kafka.transactionTimeoutMs,
    autoOffsetReset: kafka.autoOffsetReset,
    tombstones: settings.tombstones ?? 'skip',
    delivery: settings.delivery ?? kafka.delivery,
    ...(tracing.enabled && { tracing: { sampleRatio: tracing.sampleRatio } }),
  };
}
