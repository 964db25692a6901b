import { DELIVERIES } from '../domain/pipeline.js';
import { DESIRED_TASK_VERSION, type DesiredTask } from './desired-task.js';
import {
  count,
  flag,
  isObject,
  measure,
  name,
  oneOf,
  optional,
  parseMessage,
  pipelineId,
  share,
  text,
  type FieldRule,
  type MessageRules,
  type ParsedMessage,
} from './parse-message.js';

const settingRules: Readonly<Record<string, FieldRule>> = {
  flushMiB: measure,
  flushItems: measure,
  flushIntervalSec: measure,
  inputPartitions: measure,
  errorRetentionHours: measure,
  tombstones: oneOf('skip', 'error'),
  delivery: oneOf(...DELIVERIES),
};

const rules: MessageRules<DesiredTask> = {
  version: oneOf(DESIRED_TASK_VERSION),
  pipelineId,
  index: count,
  revision: count,
  desired: oneOf('running', 'close'),
  deployment: oneOf('shared', 'kubernetes'),
  parallelism: { expected: 'a whole number of at least 1', accepts: (value) => count.accepts(value) && value !== 0 },
  isolation: oneOf('shared', 'dedicated'),
  cpuLimit: share,
  memoryLimitMiB: share,
  pipelineName: text,
  inputTopic: name,
  errorTopic: name,
  consumerGroup: name,
  transactionalId: name,
  indexBase: optional({ expected: 'an index base', accepts: isIndexBase }),
  outputTopic: optional(name),
  useIndexBaseInData: flag,
  documentVersion: oneOf('none', 'offset'),
  handlers: {
    expected: 'a list of handlers, each with a type',
    accepts: (value) =>
      Array.isArray(value) && value.every((handler) => isObject(handler) && name.accepts(handler.type)),
  },
  settings: { expected: 'pipeline settings', accepts: isSettings },
};

/** Reads one message of the control topic. */
export function parseDesiredTask(bytes: Uint8Array): ParsedMessage<DesiredTask> {
  return parseMessage(bytes, DESIRED_TASK_VERSION, rules);
}

function isIndexBase(value: unknown): boolean {
  return (
    isObject(value) &&
    name.accepts(value.baseType) &&
    [value.name, value.dataType, value.category].every((field) => text.accepts(field))
  );
}

function isSettings(value: unknown): boolean {
  return (
    isObject(value) && Object.entries(value).every(([key, setting]) => settingRules[key]?.accepts(setting) ?? false)
  );
}
