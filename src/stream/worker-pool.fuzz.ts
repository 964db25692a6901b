import fc from 'fast-check';
import { WorkerPool } from './worker-pool.js';

interface Job {
  lane: number | undefined;
  /** Turns of the event loop that the work takes; 0 returns without a promise. */
  turns: number;
  fails: boolean;
}

const job = fc.record<Job>({
  lane: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  turns: fc.nat({ max: 4 }),
  fails: fc.boolean(),
});

describe('any load on a pool', () => {
  it('does each item once, within its bounds, each lane in the order of submission', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(job, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat({ max: 5 }),
        async (jobs, concurrency, queueLimit) => {
          const ended: number[] = [];
          const busyLanes = new Set<number>();
          let running = 0;
          let failures = 0;
          const pool = new WorkerPool<number>({
            ...{ concurrency, queueLimit },
            laneOf: (index) => jobs[index]?.lane,
            work: (index) => {
              const { lane, turns, fails } = jobs[index] as Job;
              running++;
              expect(running).toBeLessThanOrEqual(concurrency);
              expect(pool.stats.queued + pool.stats.running).toBeLessThanOrEqual(concurrency + queueLimit);
              expect(lane !== undefined && busyLanes.has(lane)).toBe(false);
              if (lane !== undefined) {
                busyLanes.add(lane);
              }
              const end = () => {
                running--;
                ended.push(index);
                busyLanes.delete(lane ?? -1);
                if (fails) {
                  throw new Error('said');
                }
              };
              return turns === 0 ? end() : after(turns).then(end);
            },
            onError: () => failures++,
          });
          for (const index of jobs.keys()) {
            await pool.submit(index);
          }
          await pool.drain();

          expect(ended.toSorted((a, b) => a - b)).toEqual([...jobs.keys()]);
          expect(failures).toBe(jobs.filter(({ fails }) => fails).length);
          for (const lane of [0, 1, 2, 3]) {
            const inLane = (index: number) => jobs[index]?.lane === lane;
            expect(ended.filter(inLane)).toEqual([...jobs.keys()].filter(inLane));
          }
        },
      ),
      { numRuns: 1000, seed: 20_242 },
    );
  });
});

async function after(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await Promise.resolve();
  }
}
