import { backOffMs, USUAL_BACK_OFF } from './back-off.js';

const longest = { ...USUAL_BACK_OFF, random: () => 0.999_999 };
const shortest = { ...USUAL_BACK_OFF, random: () => 0 };

describe('back-off', () => {
  it('doubles its ceiling from 100 ms to 30 s and stays there', () => {
    const ceilings = [0, 1, 2, 3, 4, 9, 10, 31, 1000].map(
      (attempt) => Math.ceil(backOffMs(attempt, 0, longest) / 100) * 100,
    );
    expect(ceilings).toEqual([100, 100, 200, 400, 800, 25_600, 30_000, 30_000, 30_000]);
  });

  it('is anything down to nothing (full jitter)', () => {
    expect(backOffMs(20, 0, shortest)).toBe(0);
    expect(backOffMs(20, 0, { ...USUAL_BACK_OFF, random: () => 0.5 })).toBe(15_000);
  });

  it('is never less than what the server asked for', () => {
    expect(backOffMs(0, 7000, longest)).toBe(7000);
    expect(backOffMs(20, 7000, shortest)).toBe(7000);
    expect(backOffMs(20, 7000, longest)).toBeGreaterThan(7000);
  });
});
