import type { Pipeline, PipelineSettings } from '../../domain/pipeline.js';
import type { Operation } from '../../platform/http/operation.js';
import type { PipelineSettingsDto } from './dto/pipeline-settings.dto.js';
import type { PipelineDto } from './dto/pipeline.dto.js';

/** A pipeline in the words of the API. */
export function pipelineView(pipeline: Pipeline, operations: Operation[]): PipelineDto {
  const { deployment, topics } = pipeline;
  return {
    id: pipeline.id,
    name: pipeline.name,
    tags: pipeline.tags,
    comment: pipeline.comment,
    builtin: pipeline.builtin,
    output_type: pipeline.outputType,
    index_base: pipeline.indexBase,
    use_index_base_in_data: pipeline.useIndexBaseInData,
    deployment_config: {
      cpu_limit: deployment.cpuLimit,
      memory_limit: deployment.memoryLimitMiB,
      parallelism: deployment.parallelism,
      isolation: deployment.isolation,
    },
    handlers: pipeline.handlers,
    tests: pipeline.tests,
    input_topic: topics.input,
    output_topic: topics.output ?? '',
    error_topic: topics.error,
    document_version: pipeline.documentVersion,
    settings: settingsView(pipeline.settings),
    status: pipeline.status,
    status_details: pipeline.statusDetails,
    create_time: pipeline.createTime,
    update_time: pipeline.updateTime,
    creator: pipeline.creator,
    updater: pipeline.updater,
    operations,
  };
}

/** Absent settings stay absent. */
export function settingsView(settings: PipelineSettings): PipelineSettingsDto {
  return {
    flush_mib: settings.flushMiB,
    flush_items: settings.flushItems,
    flush_interval_sec: settings.flushIntervalSec,
    input_partitions: settings.inputPartitions,
    error_retention_hours: settings.errorRetentionHours,
    tombstones: settings.tombstones,
    delivery: settings.delivery,
  };
}

/** The inverse of {@link settingsView}; null counts as absent. */
export function settingsOf(dto: PipelineSettingsDto): PipelineSettings {
  return {
    flushMiB: dto.flush_mib ?? undefined,
    flushItems: dto.flush_items ?? undefined,
    flushIntervalSec: dto.flush_interval_sec ?? undefined,
    inputPartitions: dto.input_partitions ?? undefined,
    errorRetentionHours: dto.error_retention_hours ?? undefined,
    tombstones: dto.tombstones ?? undefined,
    delivery: dto.delivery ?? undefined,
  };
}
