import { isDeepStrictEqual } from 'node:util';
import { DESIRED_TASK_VERSION, type DesiredTask } from '../../control/desired-task.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { Pipeline } from '../../domain/pipeline.js';
import type { TopicNames } from '../../domain/topic-names.js';
import type { PlacedTask } from '../tasks/placed-task.js';

/** What a worker is told of one task. `base` is what is known of the pipeline's own index base, if it has one. */
export function desiredTask(
  pipeline: Pipeline,
  { index }: PlacedTask,
  base: IndexBase | undefined,
  names: TopicNames,
): DesiredTask {
  const { deployment, topics } = pipeline;
  return {
    version: DESIRED_TASK_VERSION,
    pipelineId: pipeline.id,
    index,
    revision: pipeline.revision,
    // A pipeline that is being deleted is closed first; its tombstones come when that is done.
    desired: pipeline.desired === 'running' ? 'running' : 'close',
    deployment: 'shared',
    parallelism: deployment.parallelism,
    isolation: deployment.isolation,
    cpuLimit: deployment.cpuLimit / deployment.parallelism,
    memoryLimitMiB: Math.floor(deployment.memoryLimitMiB / deployment.parallelism),
    pipelineName: pipeline.name,
    inputTopic: topics.input,
    errorTopic: topics.error,
    consumerGroup: names.group(pipeline.id),
    transactionalId: names.transactionalId(pipeline.id, index),
    ...(base && { indexBase: base }),
    ...(topics.output && { outputTopic: topics.output }),
    useIndexBaseInData: pipeline.useIndexBaseInData,
    documentVersion: pipeline.documentVersion,
    handlers: pipeline.handlers,
    settings: pipeline.settings,
  };
}

/** True when the workers have to be told: the change is about more than names, tags and comments. */
export function concernsWorkers(before: Pipeline, after: Pipeline): boolean {
  return !isDeepStrictEqual(seenByWorkers(before), seenByWorkers(after));
}

/** True when topics or slots have to follow the change before the workers are told. */
export function concernsTopicsOrSlots(before: Pipeline, after: Pipeline): boolean {
  return !isDeepStrictEqual(shapeOf(before), shapeOf(after));
}

function shapeOf({
  deployment: { parallelism },
  topics,
  settings: { inputPartitions, errorRetentionHours },
}: Pipeline) {
  return { parallelism, ...topics, inputPartitions, errorRetentionHours };
}

function seenByWorkers({
  deployment,
  topics,
  indexBase,
  useIndexBaseInData,
  documentVersion,
  handlers,
  settings,
}: Pipeline) {
  return JSON.parse(
    JSON.stringify({ deployment, topics, indexBase, useIndexBaseInData, documentVersion, handlers, settings }),
  ) as unknown;
}
