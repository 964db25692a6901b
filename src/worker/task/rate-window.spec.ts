import { RateWindow } from './rate-window.js';

const counted = (recordsIn: number) => ({ cpuSeconds: 0.1, recordsIn, indexed: 1, rejected: 0 });

describe('rates of what was counted', () => {
  it('are of the whole window', () => {
    expect(new RateWindow().add(2, counted(10))).toEqual({ cpuSeconds: 0.05, recordsIn: 5, indexed: 0.5, rejected: 0 });
  });

  it('stay as they were until enough time has passed, and lose nothing of what was counted meanwhile', () => {
    const window = new RateWindow();
    window.add(1, counted(10));
    expect(window.add(0.001, counted(40)).recordsIn).toBe(10);
    expect(window.add(0.999, counted(60)).recordsIn).toBe(100);
  });

  it('are nothing before the first window', () => {
    expect(new RateWindow().add(0, counted(10)).recordsIn).toBe(0);
  });
});
