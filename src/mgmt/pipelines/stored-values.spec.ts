import { readDeployment, readTags } from './stored-values.js';

const defaults = { cpuLimit: 1, memoryLimitMiB: 1024, parallelism: 1, isolation: 'shared' };

describe('the deployment of a row', () => {
  it.each([
    ['of the replaced service', '{"cpu_limit":2,"memory_limit":512}', { cpuLimit: 2, memoryLimitMiB: 512 }],
    [
      'of ours',
      '{"cpu_limit":2,"memory_limit":512,"parallelism":3,"isolation":"dedicated"}',
      { cpuLimit: 2, memoryLimitMiB: 512, parallelism: 3, isolation: 'dedicated' },
    ],
    ['with members that nobody knows', '{"cpu_limit":2,"replicas":[1]}', { cpuLimit: 2 }],
    ['that is empty', '{}', {}],
    ['that was left out', '', {}],
    ['that is NULL', null, {}],
  ])('%s is read as it is', (_what, text, expected) => {
    expect(readDeployment(text)).toEqual({ value: { ...defaults, ...expected }, oddity: undefined });
  });

  it.each([
    ['{"cpu_limit":', 'f_deployment_config is not a JSON object'],
    ['[]', 'f_deployment_config is not a JSON object'],
    ['null', 'f_deployment_config is not a JSON object'],
    ['"1"', 'f_deployment_config is not a JSON object'],
    ['{"cpu_limit":"two","memory_limit":0}', 'f_deployment_config has no usable cpu_limit, memory_limit'],
    ['{"parallelism":1.5}', 'f_deployment_config has no usable parallelism'],
  ])('%s stands for the default, and is told of', (text, oddity) => {
    expect(readDeployment(text)).toEqual({ value: defaults, oddity });
  });
});

describe('the tags of a row', () => {
  it.each([
    ['"web","production"', ['web', 'production']],
    ['["web","production"]', ['web', 'production']],
    ['web,production', ['web', 'production']],
    ['"one tag"', ['one tag']],
    ['', []],
    ['[]', []],
    [null, []],
  ])('%j are %j', (text, tags) => {
    expect(readTags(text)).toEqual(tags);
  });
});
