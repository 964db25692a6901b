import type { AppConfig } from '../../config/app-config.js';
import type { PipelineSettings } from '../../domain/pipeline.js';
import type { WantedTopic } from './topic-shape.js';

const MIB = 1024 * 1024;
/** Above the largest record: room for what annotation and error headers add, and for the batch itself. */
const HEADROOM_MIB = 1;
const HOUR_MS = 3_600_000;

type TopicConfig = Pick<AppConfig, 'kafka' | 'server'>;

/** The input topic of a pipeline that reads from one of ours. */
export function inputTopic(config: TopicConfig, topic: string, settings: PipelineSettings): WantedTopic {
  return { ...shape(config, topic), partitions: settings.inputPartitions ?? config.kafka.inputPartitions };
}

/** Where rejected records of a pipeline wait for somebody to look at them. */
export function errorTopic(config: TopicConfig, topic: string, settings: PipelineSettings): WantedTopic {
  const retentionMs = (settings.errorRetentionHours ?? config.kafka.errorRetentionHours) * HOUR_MS;
  const wanted = shape(config, topic);
  return {
    ...wanted,
    configEntries: { ...wanted.configEntries, 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs) },
    enforced: ['retention.ms'],
  };
}

/** The output topic of an index base, shared by all pipelines that write to it. */
export function outputTopic(config: TopicConfig, topic: string): WantedTopic {
  return shape(config, topic);
}

function shape(config: TopicConfig, topic: string): WantedTopic & { configEntries: Record<string, string> } {
  const maxMessageBytes = (config.server.maxRecordMiB + HEADROOM_MIB) * MIB;
  return {
    topic,
    replicationFactor: config.kafka.replicationFactor,
    configEntries: { 'max.message.bytes': String(maxMessageBytes) },
  };
}
