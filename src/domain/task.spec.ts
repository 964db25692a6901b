import { parseTaskKey, taskKey } from './task.js';

describe('the key of a task', () => {
  it.each([
    { pipelineId: 'a', index: 0 },
    { pipelineId: 'shop-logs-2', index: 15 },
    { pipelineId: '0'.repeat(40), index: 999 },
  ])('is read back as it was written: $pipelineId#$index', (task) => {
    expect(parseTaskKey(taskKey(task))).toEqual(task);
  });

  it.each([
    '',
    'a',
    'a#',
    '#0',
    'a#-1',
    'a#1x',
    'a#0001',
    'a#01',
    'A#0',
    '-a#0',
    'a#0\n',
    `${'x'.repeat(41)}#0`,
    'a#b#0',
  ])('is no task: %j', (key) => {
    expect(parseTaskKey(key)).toBeUndefined();
  });
});
