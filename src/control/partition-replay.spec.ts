import type { DesiredTask } from './desired-task.js';
import { PartitionReplay, type TaskWord } from './partition-replay.js';

const desired = (index: number, revision: number): TaskWord => ({
  task: { pipelineId: 'p', index, revision } as DesiredTask,
});
const removed = (index: number): TaskWord => ({ removed: { pipelineId: 'p', index } });

describe('the replay of a partition', () => {
  it('is not complete before the end offset is known, however much was read', () => {
    const replay = new PartitionReplay();
    replay.passed(100n);
    replay.emptyFetch();
    replay.emptyFetch();

    expect(replay.isComplete).toBe(false);
  });

  it('is complete once the offset before the end was passed', () => {
    const replay = new PartitionReplay();
    replay.noteEnd(3n);
    replay.passed(2n);
    expect(replay.isComplete).toBe(false);

    replay.passed(3n);
    expect(replay.isComplete).toBe(true);
  });

  it('is complete at once when the partition was always empty', () => {
    const replay = new PartitionReplay();
    replay.noteEnd(0n);

    expect(replay.isComplete).toBe(true);
  });

  it('is complete in a hole before the end: two fetches in a row find nothing', () => {
    const replay = new PartitionReplay();
    replay.noteEnd(3n);
    replay.passed(1n);
    replay.emptyFetch();
    expect(replay.isComplete).toBe(false);

    replay.emptyFetch();
    expect(replay.isComplete).toBe(true);
  });

  it('does not take a full response, which had no room for this partition, for its end', () => {
    const replay = new PartitionReplay();
    replay.noteEnd(3n);
    replay.emptyFetch();
    replay.othersHadRecords();
    replay.emptyFetch();

    expect(replay.isComplete).toBe(false);
  });

  it('does not count fetches from before the end was noted: records may have come since', () => {
    const replay = new PartitionReplay();
    replay.emptyFetch();
    replay.emptyFetch();
    replay.noteEnd(1n);
    replay.emptyFetch();

    expect(replay.isComplete).toBe(false);
  });

  it('keeps the last word on each task', () => {
    const replay = new PartitionReplay();
    [desired(0, 1), desired(1, 2), desired(0, 3), removed(1), desired(2, 4), removed(2), desired(2, 5)].forEach(
      (word) => replay.keep(word),
    );

    expect(replay.drain()).toEqual([desired(0, 3), removed(1), desired(2, 5)]);
    expect(replay.drain()).toEqual([]);
  });

  it('ignores a lower revision that was written late', () => {
    const replay = new PartitionReplay();
    replay.keep(desired(0, 7));
    replay.keep(desired(0, 6));

    expect(replay.drain()).toEqual([desired(0, 7)]);
  });
});
