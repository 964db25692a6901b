import { jest } from '@jest/globals';
import { pino } from 'pino';
import type { TaskState } from '../../domain/task.js';
import type { TaskStatus } from '../task/task-status.js';
import { TaskFaults } from './task-faults.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

describe('what the log tells of tasks in trouble', () => {
  let lines: Record<string, unknown>[];
  let faults: TaskFaults;

  beforeEach(() => {
    jest.useFakeTimers();
    lines = [];
    const keep = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
    faults = new TaskFaults(pino({ formatters: { level: (level) => ({ level }) } }, { write: keep }));
  });
  afterEach(() => jest.useRealTimers());

  const task = (index: number, pipelineId = 'orders') => ({ pipelineId, index });
  const status = (state: TaskState, cause = '', causeCode: TaskStatus['causeCode'] = ''): TaskStatus => ({
    ...{ state, cause, causeCode },
    ...{ since: Date.now(), attempts: 3, nextAttemptAt: 0 },
  });
  const sampled = (of: ReturnType<typeof task>, since: number, recordsInPerSec: number) =>
    faults.sampled(of, { ...status('running'), since }, { recordsInPerSec } as Parameters<TaskFaults['sampled']>[2]);
  const told = () => lines.map(({ level, msg, pipeline }) => `${String(level)} ${String(msg)} ${String(pipeline)}`);

  it('is one line for a hundred tasks that fail for one cause, and one a minute as they go on failing', () => {
    for (let second = 0; second <= 60; second += 1) {
      for (let index = 0; index < 100; index += 1) {
        faults.take(task(index), status('error', `no answer from 10.0.0.${index}`, 'OPENSEARCH_UNAVAILABLE'));
        faults.take(task(index), status('starting'));
        faults.take(task(index), status('running'));
      }
      jest.advanceTimersByTime(SECOND_MS);
    }
    expect(told()).toEqual(['error task failed orders', 'error task failed orders']);
    expect(lines[0]).toMatchObject({
      task: 0,
      code: 'OPENSEARCH_UNAVAILABLE',
      cause: 'no answer from 10.0.0.0',
      attempts: 3,
    });
    expect(lines[1]).toMatchObject({ taskCount: 100 });
    expect(lines[1]?.['occurrences']).toBeGreaterThan(5000);
  });

  it('is a line for each pipeline and each cause', () => {
    faults.take(task(0, 'a'), status('error', 'x', 'KAFKA_REFUSED'));
    faults.take(task(0, 'b'), status('error', 'x', 'KAFKA_REFUSED'));
    faults.take(task(1, 'a'), status('error', 'x', 'INDEX_BASE_MISSING'));
    expect(told()).toEqual(['error task failed a', 'error task failed b', 'error task failed a']);
  });

  it('takes causes that differ in numbers alone for one', () => {
    faults.take(task(0), status('waiting', 'connect ECONNREFUSED 127.0.0.1:9200'));
    faults.take(task(1), status('waiting', 'connect ECONNREFUSED 127.0.0.1:9201'));
    expect(told()).toEqual(['warn task waits orders']);
  });

  it('is over when the last task works again: it has made records final, or run for a minute', () => {
    for (const index of [0, 1]) {
      faults.take(task(index), status('error', 'x', 'KAFKA_REFUSED'));
      faults.take(task(index), status('running'));
    }
    const since = Date.now();
    sampled(task(0), since, 10);
    sampled(task(1), since, 0);
    expect(told()).toHaveLength(1);
    jest.advanceTimersByTime(MINUTE_MS);
    sampled(task(1), since, 0);
    expect(told().at(-1)).toBe('info task works again orders');
    expect(lines.at(-1)).toMatchObject({ pipeline: 'orders', code: 'KAFKA_REFUSED', cause: 'x' });
  });

  it('tells a task that waits again each minute, though it says so once, and its end', () => {
    faults.take(task(0), status('waiting', 'no leader'));
    jest.advanceTimersByTime(3 * MINUTE_MS + SECOND_MS);
    expect(told()).toEqual(Array(3).fill('warn task waits orders'));
    faults.take(task(0), status('running'));
    jest.advanceTimersByTime(3 * MINUTE_MS);
    expect(told().slice(3)).toEqual(['info task goes on orders']);
  });

  it('is over when the task is gone', () => {
    faults.take(task(0), status('waiting', 'no leader'));
    faults.clear(task(0));
    expect(told()).toEqual(['warn task waits orders', 'info task goes on orders']);
  });

  it('thins lines of threads that may repeat by pipeline and cause', () => {
    const line = { kind: 'log', level: 'error', message: 'task failed by a bug' } as const;
    for (const index of [0, 1, 2]) {
      faults.report({ ...line, fields: { pipeline: 'a', task: index } }, `bug at ${index}`);
    }
    faults.report({ ...line, fields: { pipeline: 'b', task: 0 } }, 'bug at 0');
    expect(told()).toEqual(['error task failed by a bug a', 'error task failed by a bug b']);
  });
});
