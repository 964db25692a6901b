import { readOldRow } from './old-row.js';
import { PipelineEntity } from './pipeline.entity.js';

const rowWith = (changes: Partial<PipelineEntity>): PipelineEntity =>
  Object.assign(new PipelineEntity(), {
    ...{ id: 'web', name: 'Web', tags: '"a"', comment: null, builtin: false, outputType: 'index_base' },
    ...{ indexBase: 'web', useIndexBaseInData: false, status: 'running', statusDetails: '' },
    ...{ deploymentConfig: '{"cpu_limit":1,"memory_limit":1024}', createTime: 1, updateTime: 2 },
    ...{ creatorId: 'u', creatorType: 'user', creatorName: '', updaterId: 'u', updaterType: 'user', updaterName: '' },
    ...{ handlers: '[]', tests: '[]', settings: '{}', documentVersion: 'none', desired: 'running' },
    ...{ hasOwnInputTopic: false, inputTopic: '', errorTopic: '', outputTopic: '', baseDetails: '' },
    ...{ version: 1, revision: 0, publishedRevision: 0, step: '', stepOwner: '', stepTime: 0, madeTopics: '[]' },
    ...changes,
  });

describe('a row of an older service', () => {
  it.each([
    ['running', 'running'],
    ['error', 'running'],
    ['close', 'close'],
    ['closing', 'close'],
  ])('that was %s is wanted %s', (status, desired) => {
    expect(readOldRow(rowWith({ status }))).toMatchObject({ desired, obstacle: '', oddities: [] });
  });

  it('that takes its bases from the data needs none of its own', () => {
    expect(readOldRow(rowWith({ indexBase: '', useIndexBaseInData: true }))).toMatchObject({ desired: 'running' });
  });

  it.each<[string, Partial<PipelineEntity>, RegExp]>([
    ['a status that nobody knows', { status: 'halted' }, /f_pipeline_status was "halted".*start the pipeline/],
    ['no status', { status: null }, /f_pipeline_status was NULL/],
    ['another output', { outputType: 'kafka' }, /f_output_type was "kafka".*change the pipeline/],
    ['no index base', { indexBase: null }, /index_base is missing.*change the pipeline/],
    ['an illegal index base', { indexBase: 'Web Logs' }, /index_base is not of the allowed form/],
    ['an id that cannot run', { id: 'web_logs' }, /web_logs cannot run under its id.*under another one/],
  ])('with %s is wanted closed, and says why', (_what, changes, obstacle) => {
    expect(readOldRow(rowWith(changes))).toMatchObject({
      desired: 'close',
      obstacle: expect.stringMatching(obstacle),
    });
  });

  it('with unreadable and missing values has defaults for them, and names the columns', () => {
    expect(readOldRow(rowWith({ deploymentConfig: '{', tags: null, statusDetails: null }))).toMatchObject({
      pipeline: { tags: [], statusDetails: '', deployment: { cpuLimit: 1, memoryLimitMiB: 1024 } },
      oddities: ['f_deployment_config is not a JSON object', 'f_tags is NULL'],
      desired: 'running',
    });
  });
});
