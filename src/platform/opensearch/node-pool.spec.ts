import { NodePool, type PoolClock } from './node-pool.js';

class SetClock implements PoolClock {
  timeMs = 5000;
  chance = 0;

  nowMs(): number {
    return this.timeMs;
  }

  random(): number {
    return this.chance;
  }
}

describe('the choice of a node', () => {
  let clock: SetClock;
  let pool: NodePool<string>;
  const taken = (count: number) => Array.from({ length: count }, () => pool.take());
  const fail = (node: string) => pool.markFailed(node, clock.timeMs);
  /** Time until the node is probed, found by waiting for it. */
  const deadMs = (node: string) => {
    const sinceMs = clock.timeMs;
    while (!pool.takeDue().includes(node)) {
      clock.timeMs += 1;
    }
    return clock.timeMs - sinceMs;
  };

  beforeEach(() => {
    clock = new SetClock();
    pool = new NodePool(['a', 'b', 'c'], clock);
  });

  it('goes round', () => {
    expect(taken(6)).toEqual(['b', 'c', 'a', 'b', 'c', 'a']);
  });

  it('begins anywhere, so that many pools do not begin with the same node', () => {
    clock.chance = 0.99;
    expect(new NodePool(['a', 'b', 'c'], clock).take()).toBe('a');
  });

  it('leaves out a node that failed, also after its time, until a probe went well', () => {
    fail('b');
    expect(taken(4)).toEqual(['c', 'a', 'c', 'a']);
    clock.timeMs += 1000;
    expect(taken(2)).toEqual(['c', 'a']);
    expect(pool.takeDue()).toEqual(['b']);
    pool.markProbed('b', true, clock.timeMs);
    expect(taken(3)).toContain('b');
  });

  it('has one probe at a time for a node', () => {
    fail('b');
    clock.timeMs += 1000;
    expect(pool.takeDue()).toEqual(['b']);
    expect(pool.takeDue()).toEqual([]);
    pool.markProbed('b', false, clock.timeMs);
    clock.timeMs += 2000;
    expect(pool.takeDue()).toEqual(['b']);
  });

  it('waits twice as long after each failure, a minute at most', () => {
    const waits = Array.from({ length: 9 }, () => {
      fail('a');
      const waitedMs = deadMs('a');
      pool.markProbed('a', true, clock.timeMs);
      return waitedMs;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('waits up to a fifth longer, by chance', () => {
    clock.chance = 0.5;
    fail('a');
    expect(deadMs('a')).toBe(1100);
  });

  it('begins with a second again once a request went well', () => {
    fail('a');
    clock.timeMs += 1000;
    fail('a');
    pool.markAnswered('a');
    expect(taken(3)).toContain('a');
    fail('a');
    expect(deadMs('a')).toBe(1000);
  });

  it('counts the failures of requests that were on their way at the same time as one', () => {
    const askedAtMs = clock.timeMs;
    pool.markFailed('a', askedAtMs);
    clock.timeMs += 1500;
    pool.markFailed('a', askedAtMs);
    pool.markFailed('a', askedAtMs + 900);
    expect(pool.takeDue()).toEqual(['a']);
  });

  it('is the dead node whose time ends first when all are dead', () => {
    fail('b');
    clock.timeMs += 100;
    fail('a');
    clock.timeMs += 100;
    fail('c');
    expect(pool.findLive()).toBeUndefined();
    expect(taken(2)).toEqual(['b', 'b']);
    clock.timeMs += 1000;
    fail('b');
    expect(taken(2)).toEqual(['a', 'a']);
  });

  it('is the only node there is, dead or not', () => {
    pool = new NodePool(['only'], clock);
    fail('only');
    expect(taken(2)).toEqual(['only', 'only']);
  });
});
