import type { IndexBase } from '../../domain/index-base.js';
import type {
  Account,
  DesiredState,
  DocumentVersion,
  HandlerConfig,
  Pipeline,
  PipelineSettings,
  PipelineStatus,
} from '../../domain/pipeline.js';
import type { PipelineTest } from '../../domain/pipeline-test.js';
import type { PipelineEntity } from './pipeline.entity.js';
import { readDeployment, readTags, type StoredDeployment } from './stored-values.js';

export function toPipeline(row: PipelineEntity): Pipeline {
  return {
    id: row.id,
    name: row.name,
    tags: readTags(row.tags),
    comment: row.comment ?? '',
    builtin: row.builtin,
    outputType: 'index_base',
    indexBase: row.indexBase ?? '',
    useIndexBaseInData: row.useIndexBaseInData,
    deployment: readDeployment(row.deploymentConfig).value,
    handlers: JSON.parse(row.handlers) as HandlerConfig[],
    tests: JSON.parse(row.tests) as PipelineTest[],
    settings: JSON.parse(row.settings) as PipelineSettings,
    documentVersion: row.documentVersion as DocumentVersion,
    topics: { input: row.inputTopic, error: row.errorTopic, ...(row.outputTopic && { output: row.outputTopic }) },
    hasOwnInputTopic: row.hasOwnInputTopic,
    desired: row.desired as DesiredState,
    deletesOutput: row.deleteOutput,
    status: row.status as PipelineStatus,
    statusDetails: row.statusDetails ?? '',
    version: row.version,
    revision: row.revision,
    publishedRevision: row.publishedRevision,
    createTime: row.createTime,
    updateTime: row.updateTime,
    creator: accountOf(row.creatorId, row.creatorType, row.creatorName),
    updater: accountOf(row.updaterId, row.updaterType, row.updaterName),
  };
}

/** The replaced service stored no names, and may have stored nothing. */
function accountOf(id: string | null, type: string | null, name: string): Account {
  return { id: id ?? '', type: type ?? '', name: name || (id ?? '') };
}

/** Where a create or a change stands. */
type Progress = 'step' | 'stepOwner' | 'stepTime' | 'madeTopics' | 'adaptDue';

/** What a caller's description of a pipeline becomes in its row; how far a create or a change has come is apart from it. */
export function toRow(pipeline: Pipeline): Omit<PipelineEntity, Progress> {
  const { deployment, creator, updater } = pipeline;
  return {
    id: pipeline.id,
    name: pipeline.name,
    tags: pipeline.tags.map((tag) => `"${tag}"`).join(','),
    comment: pipeline.comment,
    builtin: pipeline.builtin,
    outputType: pipeline.outputType,
    indexBase: pipeline.indexBase,
    useIndexBaseInData: pipeline.useIndexBaseInData,
    status: pipeline.status,
    statusDetails: pipeline.statusDetails,
    deploymentConfig: JSON.stringify({
      cpu_limit: deployment.cpuLimit,
      memory_limit: deployment.memoryLimitMiB,
      parallelism: deployment.parallelism,
      isolation: deployment.isolation,
    } satisfies StoredDeployment),
    createTime: pipeline.createTime,
    updateTime: pipeline.updateTime,
    creatorId: creator.id,
    creatorType: creator.type,
    creatorName: creator.name,
    updaterId: updater.id,
    updaterType: updater.type,
    updaterName: updater.name,
    desired: pipeline.desired,
    deleteOutput: pipeline.deletesOutput,
    handlers: JSON.stringify(pipeline.handlers),
    tests: JSON.stringify(pipeline.tests),
    settings: JSON.stringify(pipeline.settings),
    documentVersion: pipeline.documentVersion,
    hasOwnInputTopic: pipeline.hasOwnInputTopic,
    inputTopic: pipeline.topics.input,
    errorTopic: pipeline.topics.error,
    outputTopic: pipeline.topics.output ?? '',
    baseDetails: '',
    version: pipeline.version,
    revision: pipeline.revision,
    publishedRevision: pipeline.publishedRevision,
  };
}

/** Undefined when nothing was stored. */
export function baseDetailsOf(row: PipelineEntity): IndexBase | undefined {
  return row.baseDetails ? (JSON.parse(row.baseDetails) as IndexBase) : undefined;
}
