import { jest } from '@jest/globals';
import { desiredTask } from '../../../test/factories/desired-task.js';
import type { TaskReport } from '../../control/task-report.js';
import type { TaskSample } from '../task/thread-messages.js';
import { Reporter } from './reporter.js';
import { supervisedTask, type SupervisedTask } from './supervised-task.js';

const SAMPLE: TaskSample = {
  cpuPercent: 12,
  memoryBytes: 1000,
  lagRecords: 5,
  lagSeconds: 2,
  recordsInPerSec: 0,
  indexedPerSec: 0,
  rejectedPerSec: 0,
};

function supervised(pipelineId: string, more: Partial<SupervisedTask> = {}): SupervisedTask {
  const desired = desiredTask({ pipelineId, revision: 9 });
  return {
    ...supervisedTask(`${pipelineId}#0`, desired, 7),
    running: { desired, hasBegun: true },
    status: { state: 'running', cause: '', causeCode: '', since: 1, attempts: 0, nextAttemptAt: 0 },
    sample: SAMPLE,
    ...more,
  };
}

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

function start(...tasks: SupervisedTask[]) {
  const sent: TaskReport[][] = [];
  const gate = { open: Promise.resolve() };
  const reporter = new Reporter(() => tasks, {
    workerId: 'w',
    send: async (reports) => {
      sent.push([...reports]);
      await gate.open;
    },
  });
  reporter.start();
  const ids = () => sent.splice(0).map((reports) => reports.map(({ pipelineId }) => pipelineId));
  return { reporter, sent, ids, gate };
}

describe('reports of tasks', () => {
  it('come at once on a change, together with others of the same moment', async () => {
    const [a, b] = [supervised('a'), supervised('b')];
    const { reporter, ids } = start(a, b);
    reporter.tell(a);
    reporter.tell(b);
    reporter.tell(a);
    await jest.advanceTimersByTimeAsync(1);
    expect(ids()).toEqual([['a', 'b']]);
  });

  it('come every 2 s while records move, and every 10 s at rest', async () => {
    const moving = supervised('moving', { sample: { ...SAMPLE, recordsInPerSec: 3 } });
    const resting = supervised('resting');
    const { reporter, sent } = start(moving, resting);
    reporter.tell(moving);
    reporter.tell(resting);
    await jest.advanceTimersByTimeAsync(40_000);
    const times = (id: string) => sent.flat().filter(({ pipelineId }) => pipelineId === id).length;
    expect([times('moving'), times('resting')]).toEqual([21, 5]);
  });

  it('say how the task is', async () => {
    const task = supervised('a', {
      status: {
        state: 'error',
        cause: 'access denied',
        causeCode: 'OPENSEARCH_ACCESS_DENIED',
        since: 5,
        attempts: 3,
        nextAttemptAt: 9,
      },
    });
    const { reporter, sent } = start(task);
    reporter.tell(task);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent[0]).toEqual([
      {
        version: 1,
        pipelineId: 'a',
        index: 0,
        workerId: 'w',
        generation: 7,
        sequence: 1,
        revision: 9,
        state: 'error',
        cause: 'access denied',
        causeCode: 'OPENSEARCH_ACCESS_DENIED',
        since: 5,
        attempts: 3,
        nextAttemptAt: 9,
        reportedAt: 1_000_000,
        ...SAMPLE,
      },
    ]);
  });

  it('say nothing of what was not measured yet', async () => {
    const task = supervised('a', { sample: undefined });
    const { reporter, sent } = start(task);
    reporter.tell(task);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent[0]).toMatchObject([{ cpuPercent: 0, memoryBytes: 0, lagRecords: 0, lagSeconds: 0 }]);
  });

  it('never overtake each other, and are numbered in their order', async () => {
    const task = supervised('a');
    const { reporter, sent, gate } = start(task);
    const first = Promise.withResolvers<void>();
    gate.open = first.promise;
    reporter.tell(task);
    await jest.advanceTimersByTimeAsync(0);
    task.status = { ...task.status, state: 'waiting' };
    reporter.tell(task);
    await jest.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(1);
    first.resolve();
    await jest.advanceTimersByTimeAsync(0);
    expect(sent.flat().map(({ sequence, state }) => [sequence, state])).toEqual([
      [1, 'running'],
      [2, 'waiting'],
    ]);
  });

  it('that are due are sent before it stops, and none afterwards', async () => {
    const task = supervised('a', { sample: { ...SAMPLE, recordsInPerSec: 3 } });
    const { reporter, ids } = start(task);
    reporter.tell(task);
    await reporter.stop();
    expect(ids()).toEqual([['a']]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(ids()).toEqual([]);
  });
});
