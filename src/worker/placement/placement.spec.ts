import { desiredTask } from '../../../test/factories/desired-task.js';
import { taskKey } from '../../domain/task.js';
import { Placement } from './placement.js';

/** Written down in the order in which the supervisor would hear it. */
function start(deployment?: 'shared' | 'kubernetes') {
  const told: string[] = [];
  const tasks = {
    apply: ({ revision, ...id }: ReturnType<typeof desiredTask>, generation: number) =>
      told.push(`apply ${taskKey(id)} r${revision} g${generation}`),
    remove: (id: { pipelineId: string; index: number }) => told.push(`remove ${taskKey(id)}`),
    release: (key: string) => told.push(`release ${key}`),
  };
  return { placement: new Placement(tasks, deployment), heard: () => told.splice(0) };
}

const task = (pipelineId: string, more: Parameters<typeof desiredTask>[0] = {}) => desiredTask({ pipelineId, ...more });
const id = (pipelineId: string) => ({ pipelineId, index: 0 });

/** A worker that has these partitions and was told all that they held. */
function holding(...partitions: number[]) {
  const started = start();
  started.placement.onAssigned(partitions, 7);
  partitions.forEach((partition) => started.placement.onReady(partition));
  return started;
}

describe('what runs on a worker', () => {
  it('is nothing of a partition before everything that it held was told', () => {
    const { placement, heard } = start();
    placement.onAssigned([1, 2], 7);
    placement.onDesired(task('a'), 1);
    placement.onDesired(task('b'), 2);
    expect(heard()).toEqual([]);
    placement.onReady(1);
    expect(heard()).toEqual(['apply a#0 r1 g7']);
    placement.onReady(2);
    expect(heard()).toEqual(['apply b#0 r1 g7']);
  });

  it('follows each change from then on, at once', () => {
    const { placement, heard } = holding(1);
    placement.onDesired(task('a'), 1);
    placement.onDesired(task('a', { revision: 2, desired: 'close' }), 1);
    expect(heard()).toEqual(['apply a#0 r1 g7', 'apply a#0 r2 g7']);
  });

  it('stays when it is not spoken of again: absence never stops a task', () => {
    const { placement, heard } = holding(1);
    placement.onDesired(task('a'), 1);
    heard();
    placement.onAssigned([1], 8);
    placement.onReady(1);
    expect(heard()).toEqual([]);
  });

  it('is told again after an assignment, under its generation', () => {
    const { placement, heard } = holding(1);
    placement.onDesired(task('a'), 1);
    heard();
    placement.onAssigned([1, 2], 8);
    placement.onDesired(task('a'), 1);
    placement.onReady(1);
    expect(heard()).toEqual(['apply a#0 r1 g8']);
  });

  it('is forgotten when an assignment comes before everything was told', () => {
    const { placement, heard } = start();
    placement.onAssigned([1, 2], 7);
    placement.onDesired(task('a'), 1);
    placement.onAssigned([2], 8);
    placement.onReady(2);
    expect(heard()).toEqual([]);
  });

  it('is released with the partition that was lost', () => {
    const { placement, heard } = holding(1, 2);
    placement.onDesired(task('a'), 1);
    placement.onDesired(task('b'), 2);
    placement.onDesired(task('c'), 1);
    heard();
    placement.onLost([1]);
    expect(heard()).toEqual(['release a#0', 'release c#0']);
    placement.onLost([1]);
    expect(heard()).toEqual([]);
  });

  it('is removed when its task is gone, before and after everything was told', () => {
    const { placement, heard } = holding(1);
    placement.onDesired(task('a'), 1);
    placement.onDesired(task('b'), 1);
    heard();
    placement.onRemoved(id('a'), 1);
    expect(heard()).toEqual(['remove a#0']);
    placement.onAssigned([1], 8);
    placement.onRemoved(id('b'), 1);
    placement.onReady(1);
    expect(heard()).toEqual(['remove b#0']);
    placement.onRemoved(id('never-heard-of'), 1);
    expect(heard()).toEqual([]);
  });

  it('outlives the tombstone of an older task of its name in another partition', () => {
    const { placement, heard } = start();
    placement.onAssigned([1, 2], 7);
    placement.onDesired(task('a', { revision: 9 }), 2);
    placement.onReady(2);
    placement.onRemoved(id('a'), 1);
    placement.onReady(1);
    expect(heard()).toEqual(['apply a#0 r9 g7']);
  });
});

describe('a worker of one kind of deployment', () => {
  it.each(['shared', 'kubernetes'] as const)('leaves the tasks of others alone: %s', (deployment) => {
    const { placement, heard } = start(deployment);
    placement.onAssigned([1], 7);
    placement.onDesired(task('a', { deployment: 'shared' }), 1);
    placement.onDesired(task('b', { deployment: 'kubernetes' }), 1);
    placement.onReady(1);
    expect(heard()).toEqual([`apply ${deployment === 'shared' ? 'a' : 'b'}#0 r1 g7`]);
  });

  it('runs whatever it is told when it serves one pipeline', () => {
    const { placement, heard } = start();
    placement.onAssigned([1], 7);
    placement.onReady(1);
    placement.onDesired(task('a', { deployment: 'shared' }), 1);
    placement.onDesired(task('a', { deployment: 'kubernetes', index: 1 }), 1);
    expect(heard()).toEqual(['apply a#0 r1 g7', 'apply a#1 r1 g7']);
  });

  it('releases a task that others have to run from now on', () => {
    const { placement, heard } = start('shared');
    placement.onAssigned([1], 7);
    placement.onReady(1);
    placement.onDesired(task('a'), 1);
    heard();
    placement.onDesired(task('a', { deployment: 'kubernetes', revision: 2 }), 1);
    expect(heard()).toEqual(['release a#0']);
  });
});

describe('membership', () => {
  it('begins with the first assignment, which may be empty', () => {
    const { placement } = start();
    expect(placement.hasJoined).toBe(false);
    placement.onAssigned([], 7);
    expect(placement.hasJoined).toBe(true);
  });

  it.each([[[]], [[1, 2]]])('ends when the partitions %j are lost and nothing follows', (partitions) => {
    const { placement } = start();
    placement.onAssigned(partitions, 7);
    placement.onLost(partitions);
    expect(placement.hasJoined).toBe(false);
  });

  it('goes on over a rebalance', () => {
    const { placement } = start();
    placement.onAssigned([1, 2], 7);
    placement.onLost([2]);
    placement.onAssigned([1], 8);
    expect(placement.hasJoined).toBe(true);
  });
});
