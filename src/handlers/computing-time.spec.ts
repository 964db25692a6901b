import { ComputingTime } from './computing-time.js';

/** A thread that computes while the clock goes on, and one that waits. */
function scripted() {
  const clock = { nowMs: 1000, threadMs: 500, looks: 0 };
  const time = new ComputingTime({
    nowMs: () => clock.nowMs,
    threadMs: () => {
      clock.looks++;
      return clock.threadMs;
    },
  });
  const compute = (ms: number) => {
    clock.nowMs += ms;
    clock.threadMs += ms;
    return time.isOver();
  };
  const wait = (ms: number) => {
    clock.nowMs += ms;
    return time.isOver();
  };
  time.begin();
  return { clock, time, compute, wait };
}

describe('the time that a record may take', () => {
  it('is over after 2 s of computing', () => {
    const { compute } = scripted();
    expect([compute(100), compute(1899), compute(1), compute(1)]).toEqual([false, false, true, true]);
  });

  it('does not go by while the thread waits', () => {
    const { compute, wait } = scripted();
    expect([compute(100), wait(60_000), compute(1899), wait(60_000), compute(1)]).toEqual([
      ...[false, false, false, false],
      true,
    ]);
  });

  it('begins anew with each record', () => {
    const { time, compute } = scripted();
    expect([compute(100), compute(2000)]).toEqual([false, true]);
    time.begin();
    expect([compute(100), compute(1000)]).toEqual([false, false]);
  });

  it('asks for the time of the thread of no record that is done soon', () => {
    const { clock, compute } = scripted();
    expect([compute(50), compute(49), clock.looks]).toEqual([false, false, 0]);
  });
});
