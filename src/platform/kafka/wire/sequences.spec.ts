import { Sequences } from './sequences.js';

const holding = (count: number, digest = count) => ({ count, digest });
const commitOf = (...counts: number[]) => new Map([['t/0', counts.map((count) => holding(count))]]);

function taken(sequences: Sequences, ...counts: number[]): (number | undefined)[] {
  return counts.map((count, position) => sequences.take('t/0', position, holding(count)));
}

describe('the sequence numbers of a producer', () => {
  let sequences: Sequences;

  beforeEach(() => {
    sequences = new Sequences();
  });

  it('count the records of a partition, on over settled commits', () => {
    expect([...taken(sequences, 3, 2), sequences.take('t/1', 0, holding(7))]).toEqual([0, 3, 0]);
    sequences.settle();
    expect([...taken(sequences, 1), sequences.take('t/1', 0, holding(1))]).toEqual([5, 7]);
  });

  it('are the same when a commit is tried again, without what was acknowledged', () => {
    taken(sequences, 3, 2, 4);
    sequences.acknowledge('t/0', 0);
    expect(sequences.resume(commitOf(3, 2, 4))).toBe(true);
    expect(taken(sequences, 3, 2, 4)).toEqual([undefined, 3, 5]);
    sequences.settle();
    expect(taken(sequences, 1)).toEqual([9]);
  });

  it('do not skip a batch of unknown fate because one behind it was acknowledged', () => {
    taken(sequences, 3, 2, 4);
    sequences.acknowledge('t/0', 2);
    expect(taken(sequences, 3, 2, 4)).toEqual([0, 3, 5]);
  });

  it.each([
    ['fewer records in one', commitOf(3, 1, 1)],
    ['a batch less', commitOf(3)],
    ['nothing for the partition', new Map()],
    ['as many records from elsewhere', new Map([['t/0', [holding(3), holding(2, 99)]]])],
  ])('cannot be used for other batches than those that the broker may have: %s', (_what, batches) => {
    taken(sequences, 3, 2);
    sequences.acknowledge('t/0', 0);
    expect(sequences.resume(batches)).toBe(false);
  });

  it('go on behind what was acknowledged when the rest of a commit is another one', () => {
    taken(sequences, 3, 2);
    [0, 1].forEach((position) => sequences.acknowledge('t/0', position));
    expect(sequences.resume(new Map([['t/0', [holding(3), holding(2, 99)]]]))).toBe(true);
    expect([sequences.take('t/0', 0, holding(3)), sequences.take('t/0', 1, holding(2, 99))]).toEqual([undefined, 5]);
  });

  it('are not those of a commit that was never settled, though its batches look alike', () => {
    taken(sequences, 3);
    sequences.acknowledge('t/0', 0);
    const next = new Map([['t/0', [holding(3, 4)]]]);
    expect(sequences.resume(next)).toBe(true);
    expect(sequences.take('t/0', 0, holding(3, 4))).toBe(3);
  });

  it('are free again from a refused batch on', () => {
    taken(sequences, 3, 2, 4);
    sequences.acknowledge('t/0', 0);
    sequences.refuse('t/0', 1);
    expect(sequences.resume(commitOf(3, 1, 1, 4))).toBe(true);
    expect(taken(sequences, 3, 1, 1)).toEqual([undefined, 3, 4]);
  });

  it('begin at zero with a new identity, and after 2^31 - 1', () => {
    taken(sequences, 0x7fffffff);
    sequences.settle();
    expect(taken(sequences, 1, 5)).toEqual([0x7fffffff, 0]);
    sequences.reset();
    expect(taken(sequences, 1)).toEqual([0]);
  });
});
