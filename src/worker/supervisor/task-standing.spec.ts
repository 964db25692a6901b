import { desiredTask } from '../../../test/factories/desired-task.js';
import type { TaskStatus } from '../task/task-status.js';
import { supervisedTask, type SupervisedTask } from './supervised-task.js';
import { standingOf } from './task-standing.js';

const status = (given: Partial<TaskStatus>): TaskStatus => ({
  ...{ state: 'running', cause: '', causeCode: '', since: 1, attempts: 0, nextAttemptAt: 0 },
  ...given,
});
const task = (given: Partial<SupervisedTask>): SupervisedTask => ({
  ...supervisedTask('p1#0', desiredTask({ revision: 7 }), 1),
  status: status({}),
  ...given,
});
const running = { desired: desiredTask({ revision: 5 }), hasBegun: true };
const held = {
  revision: 7,
  fault: { code: 'HANDLER_UNUSABLE', text: 'A handler cannot be used' },
  nextTrialAt: 9,
} as const;

describe('how a task is', () => {
  it('names the revision that runs, not the one that is wanted', () => {
    expect(standingOf(task({ running }))).toEqual({ ...status({}), revision: 5 });
  });

  it.each([task({}), task({ running, status: status({ state: 'stopped' }) })])('names none when none runs', (none) => {
    expect(standingOf(none)).toMatchObject({ revision: 0 });
  });

  it('says which revision cannot start, which one goes on, why, and when it is tried again', () => {
    expect(standingOf(task({ running, held }))).toEqual({
      ...status({}),
      revision: 5,
      cause: 'Revision 7 cannot start here, so revision 5 goes on: A handler cannot be used',
      causeCode: 'HANDLER_UNUSABLE',
      nextAttemptAt: 9,
    });
  });

  it('says first what holds up the revision that goes on', () => {
    const waiting = status({ state: 'waiting', cause: 'OpenSearch is busy', causeCode: 'OPENSEARCH_BUSY' });
    expect(standingOf(task({ running, held, status: waiting }))).toEqual({
      ...waiting,
      revision: 5,
      cause: 'OpenSearch is busy. Revision 7 cannot start here, so revision 5 goes on: A handler cannot be used',
    });
  });
});
