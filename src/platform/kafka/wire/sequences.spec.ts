import { Sequences } from './sequences.js';

const counts = (...batches: number[]) => new Map([['t/0', batches]]);

describe('the sequence numbers of a producer', () => {
  it('count the records of a partition, on over settled commits', () => {
    const sequences = new Sequences();
    expect([sequences.take('t/0', 0, 3), sequences.take('t/0', 1, 2), sequences.take('t/1', 0, 7)]).toEqual([0, 3, 0]);
    sequences.settle();
    expect([sequences.take('t/0', 0, 1), sequences.take('t/1', 0, 1)]).toEqual([5, 7]);
  });

  it('are the same when a commit is tried again, without what was acknowledged', () => {
    const sequences = new Sequences();
    [3, 2, 4].forEach((count, batch) => sequences.take('t/0', batch, count));
    sequences.acknowledge('t/0', 0);
    expect(sequences.isContinuedBy(counts(3, 2, 4))).toBe(true);
    expect([3, 2, 4].map((count, batch) => sequences.take('t/0', batch, count))).toEqual([undefined, 3, 5]);
    sequences.settle();
    expect(sequences.take('t/0', 0, 1)).toBe(9);
  });

  it('cannot be used for other batches than those that the broker may have', () => {
    const sequences = new Sequences();
    [3, 2].forEach((count, batch) => sequences.take('t/0', batch, count));
    expect(sequences.isContinuedBy(counts(3, 1, 1))).toBe(false);
    expect(sequences.isContinuedBy(counts(3))).toBe(false);
    expect(sequences.isContinuedBy(new Map())).toBe(false);
    expect(sequences.isContinuedBy(counts(3, 2, 9))).toBe(true);
  });

  it('are free again from a refused batch on', () => {
    const sequences = new Sequences();
    [3, 2, 4].forEach((count, batch) => sequences.take('t/0', batch, count));
    sequences.refuse('t/0', 1);
    expect(sequences.isContinuedBy(counts(3, 1, 1, 4))).toBe(true);
    expect([3, 1, 1].map((count, batch) => sequences.take('t/0', batch, count))).toEqual([0, 3, 4]);
  });

  it('begin at zero with a new identity, and after 2^31 - 1', () => {
    const sequences = new Sequences();
    sequences.take('t/0', 0, 0x7fffffff);
    sequences.settle();
    expect([sequences.take('t/0', 0, 1), sequences.take('t/0', 1, 5)]).toEqual([0x7fffffff, 0]);
    sequences.reset();
    expect(sequences.take('t/0', 0, 1)).toBe(0);
  });
});
