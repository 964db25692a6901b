import { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';

type Pending = PromiseWithResolvers<void>;

/** A pool whose work ends when the test says so. */
class Stage {
  readonly begun: string[] = [];
  readonly errors: [string, string][] = [];
  readonly signals: AbortSignal[] = [];
  readonly pool: WorkerPool<string>;
  private readonly open = new Map<string, Pending>();

  constructor(options: Partial<WorkerPoolOptions<string>> = {}) {
    this.pool = new WorkerPool<string>({
      concurrency: 2,
      queueLimit: 100,
      work: (item, signal) => this.begin(item, signal),
      onError: (error, item) => this.errors.push([item, error.message]),
      ...options,
    });
  }

  async end(item: string, error?: Error): Promise<void> {
    const pending = this.open.get(item);
    if (error) {
      pending?.reject(error);
    } else {
      pending?.resolve();
    }
    await settled();
  }

  private begin(item: string, signal: AbortSignal): Promise<void> {
    this.begun.push(item);
    this.signals.push(signal);
    const pending = Promise.withResolvers<void>();
    this.open.set(item, pending);
    return pending.promise;
  }
}

/** Lets every promise that can settle do so. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const lane = (item: string) => item[0];

describe('WorkerPool', () => {
  it('works on no more items at the same time than it may, in the order of submission', async () => {
    const stage = new Stage();
    const { pool, begun } = stage;
    ['a', 'b', 'c', 'd'].forEach((item) => void pool.submit(item));

    expect(begun).toEqual(['a', 'b']);
    expect(pool.stats).toEqual({ running: 2, queued: 2, done: 0, failed: 0 });
    await stage.end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await stage.end('a');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('holds no more than it may: a submission waits for room, and later ones wait behind it', async () => {
    const stage = new Stage({ concurrency: 1, queueLimit: 1 });
    const { pool, begun } = stage;
    const accepted: string[] = [];

    expect(pool.submit('a')).toBeUndefined();
    expect(pool.submit('b')).toBeUndefined();
    void pool.submit('c')?.then(() => accepted.push('c'));
    void pool.submit('d')?.then(() => accepted.push('d'));
    await settled();
    expect([accepted, pool.trySubmit('e'), pool.stats.queued]).toEqual([[], false, 1]);

    await stage.end('a');
    expect(accepted).toEqual(['c']);
    await stage.end('b');
    await stage.end('c');
    expect([accepted, begun]).toEqual([
      ['c', 'd'],
      ['a', 'b', 'c', 'd'],
    ]);
    expect(pool.trySubmit('e')).toBe(true);
  });

  it('counts items that wait for their lane as held', async () => {
    const stage = new Stage({ concurrency: 2, queueLimit: 1, laneOf: lane });

    expect(['a1', 'a2', 'a3', 'a4'].map((item) => stage.pool.trySubmit(item))).toEqual([true, true, true, false]);
    expect(stage.begun).toEqual(['a1']);
    await stage.end('a1');
    expect(stage.begun).toEqual(['a1', 'a2']);
  });

  it('keeps the order within a lane, and lets no lane hold up another', async () => {
    const stage = new Stage({ concurrency: 2, laneOf: lane });
    ['a1', 'a2', 'b1', 'a3', 'b2', 'c1'].forEach((item) => void stage.pool.submit(item));

    expect(stage.begun).toEqual(['a1', 'b1']);
    await stage.end('b1');
    expect(stage.begun).toEqual(['a1', 'b1', 'c1']);
    await stage.end('c1');
    expect(stage.begun).toEqual(['a1', 'b1', 'c1', 'b2']);
    await stage.end('a1');
    expect(stage.begun).toEqual(['a1', 'b1', 'c1', 'b2', 'a2']);
  });

  it('orders items without a key with nothing', () => {
    const stage = new Stage({ concurrency: 3, laneOf: () => undefined });
    ['a', 'a', 'a'].forEach((item) => void stage.pool.submit(item));

    expect(stage.begun).toHaveLength(3);
  });

  it('is through with work that returns without a promise before submit returns, however much of it there is', () => {
    const seen: number[] = [];
    const pool = new WorkerPool<number>({
      concurrency: 1,
      queueLimit: 0,
      work: (item) => {
        seen.push(item);
        if (item < 100_000) {
          void pool.submit(item + 1);
        }
      },
      onError: (error) => {
        throw error;
      },
    });
    void pool.submit(1);

    expect(seen).toHaveLength(100_000);
    expect(pool.stats).toEqual({ running: 0, queued: 0, done: 100_000, failed: 0 });
  });

  it('tells of work that throws or rejects, and goes on', async () => {
    const stage = new Stage({ concurrency: 1, laneOf: lane });
    void stage.pool.submit('a1');
    void stage.pool.submit('a2');
    await stage.end('a1', new Error('broken'));
    expect([stage.errors, stage.begun]).toEqual([[['a1', 'broken']], ['a1', 'a2']]);

    const errors: string[] = [];
    const throwing = new WorkerPool<string>({
      ...{ concurrency: 1, queueLimit: 5 },
      work: (item) => {
        throw new Error(`no ${item}`);
      },
      onError: (error) => errors.push(error.message),
    });
    void throwing.submit('x');
    void throwing.submit('y');
    expect([errors, throwing.stats]).toEqual([['no x', 'no y'], { running: 0, queued: 0, done: 2, failed: 2 }]);
  });

  it('drains: nothing more is taken, everything submitted is done, also what had to wait for room', async () => {
    const stage = new Stage({ concurrency: 1, queueLimit: 0 });
    const { pool } = stage;
    let isDrained = false;
    void pool.submit('a');
    const late = pool.submit('b');
    void pool.drain().then(() => (isDrained = true));

    expect(() => pool.submit('c')).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }));
    expect(pool.trySubmit('c')).toBe(false);
    await stage.end('a');
    await late;
    expect([stage.begun, isDrained]).toEqual([['a', 'b'], false]);
    await stage.end('b');
    expect(isDrained).toBe(true);
    await pool.drain();
  });

  it('cancels: aborts the work at hand, gives back what had not begun, refuses what had to wait for room', async () => {
    const stage = new Stage({ concurrency: 1, queueLimit: 2, laneOf: lane });
    const { pool } = stage;
    ['a1', 'a2', 'b1'].forEach((item) => void pool.submit(item));
    const waiting = pool.submit('b2');
    const reason = new Error('enough');

    expect(pool.cancel(reason).toSorted()).toEqual(['a2', 'b1']);
    await expect(waiting).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    expect(stage.signals[0]?.reason).toBe(reason);
    const drained = pool.drain();
    await stage.end('a1');
    await drained;
    expect([stage.begun, pool.stats.queued]).toEqual([['a1'], 0]);
  });

  it.each([
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['queueLimit', { queueLimit: -1 }],
    ['queueLimit', { queueLimit: Number.NaN }],
  ])('refuses a %s that is no bound', (name, options) => {
    expect(() => new Stage(options)).toThrow(name);
  });
});
