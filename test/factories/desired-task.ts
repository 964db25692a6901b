import { DESIRED_TASK_VERSION, type DesiredTask } from '../../src/control/desired-task.js';

export function desiredTask(given: Partial<DesiredTask> = {}): DesiredTask {
  const { pipelineId = 'p1', index = 0 } = given;
  return {
    version: DESIRED_TASK_VERSION,
    pipelineId,
    index,
    revision: 1,
    desired: 'running',
    deployment: 'shared',
    parallelism: 1,
    isolation: 'shared',
    cpuLimit: 1,
    memoryLimitMiB: 1024,
    pipelineName: pipelineId,
    inputTopic: `default.sdp.${pipelineId}.input`,
    errorTopic: `default.sdp.${pipelineId}.error`,
    consumerGroup: `default.sdp.${pipelineId}`,
    transactionalId: `default.sdp.${pipelineId}#${index}`,
    indexBase: { baseType: 'web', name: 'Web', dataType: 'access', category: 'log' },
    outputTopic: 'default.mdl.process.web',
    useIndexBaseInData: false,
    documentVersion: 'none',
    handlers: [],
    settings: {},
    ...given,
  };
}
