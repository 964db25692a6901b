import type { DesiredTask } from './desired-task.js';
import { parseDesiredTask } from './parse-desired-task.js';

const task: DesiredTask = {
  version: 1,
  pipelineId: 'p1',
  index: 2,
  revision: 7,
  desired: 'running',
  deployment: 'shared',
  parallelism: 3,
  isolation: 'dedicated',
  cpuLimit: 0.5,
  memoryLimitMiB: 256,
  pipelineName: 'Prüfung',
  inputTopic: 'in',
  errorTopic: 'err',
  consumerGroup: 'g',
  transactionalId: 'g#2',
  indexBase: { baseType: 'base', name: 'Base', dataType: 'log', category: 'log' },
  outputTopic: 'out',
  useIndexBaseInData: false,
  documentVersion: 'offset',
  handlers: [{ type: 'rename', from: 'a', to: 'b' }],
  settings: { flushItems: 10, tombstones: 'error' },
};
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));
const reasonOf = (changes: object) => {
  const parsed = parseDesiredTask(bytes({ ...task, ...changes }));
  return parsed.isValid ? undefined : parsed.reason;
};

describe('reading a desired task', () => {
  it('takes it as it was written', () => {
    expect(parseDesiredTask(bytes(task))).toEqual({ isValid: true, message: task });
  });

  it('takes one without an index base and an output topic of its own', () => {
    const { indexBase: _base, outputTopic: _topic, ...rest } = task;

    expect(parseDesiredTask(bytes(rest))).toEqual({ isValid: true, message: rest });
  });

  it('drops fields that it does not know', () => {
    expect(parseDesiredTask(bytes({ ...task, extra: 1 }))).toEqual({ isValid: true, message: task });
  });

  it('tells a newer version from a broken message, whatever else it has', () => {
    expect(parseDesiredTask(bytes({ version: 2, anything: 'else' }))).toEqual({
      isValid: false,
      isNewer: true,
      reason: 'has version 2; this release knows 1',
    });
    expect(parseDesiredTask(bytes({ ...task, version: 0 }))).toMatchObject({ isValid: false, isNewer: false });
  });

  it.each([
    ['no JSON', Buffer.from('{"version":1')],
    ['no object', bytes([task])],
    ['null', bytes(null)],
    ['no UTF-8', Buffer.concat([Buffer.from('{"version":1,"pipelineName":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_name, value) => {
    expect(parseDesiredTask(value)).toEqual({ isValid: false, isNewer: false, reason: 'is not a JSON object' });
  });

  it.each([
    [{ pipelineId: 'Not An Id' }, 'pipelineId must be the id of a pipeline'],
    [{ index: -1 }, 'index must be a whole number of at least 0'],
    [{ revision: 1.5 }, 'revision must be a whole number of at least 0'],
    [{ desired: 'deleting' }, 'desired must be running or close'],
    [{ deployment: undefined }, 'deployment must be shared or kubernetes'],
    [{ parallelism: 0 }, 'parallelism must be a whole number of at least 1'],
    [{ isolation: 'none' }, 'isolation must be shared or dedicated'],
    [{ cpuLimit: 0 }, 'cpuLimit must be a number above 0'],
    [{ memoryLimitMiB: '256' }, 'memoryLimitMiB must be a number above 0'],
    [{ inputTopic: '' }, 'inputTopic must be a text that is not empty'],
    [{ transactionalId: null }, 'transactionalId must be a text that is not empty'],
    [{ indexBase: { baseType: 'base' } }, 'indexBase must be an index base'],
    [{ outputTopic: null }, 'outputTopic must be a text that is not empty'],
    [{ useIndexBaseInData: 1 }, 'useIndexBaseInData must be true or false'],
    [{ documentVersion: 'time' }, 'documentVersion must be none or offset'],
    [{ handlers: [{ from: 'a' }] }, 'handlers must be a list of handlers, each with a type'],
    [{ settings: { flushItems: 'many' } }, 'settings must be pipeline settings'],
    [{ settings: { unknown: 1 } }, 'settings must be pipeline settings'],
  ])('names the field at fault: %j', (changes, reason) => {
    expect(reasonOf(changes)).toBe(reason);
  });
});
