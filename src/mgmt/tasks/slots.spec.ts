import { leastUsedSlots } from './slots.js';

describe('slots of new tasks', () => {
  it('are the lowest free ones first', () => {
    expect(leastUsedSlots(new Map(), 64, 3)).toEqual([0, 1, 2]);
    expect(
      leastUsedSlots(
        new Map([
          [0, 1],
          [2, 1],
        ]),
        4,
        2,
      ),
    ).toEqual([1, 3]);
  });

  it('go round when every slot has a task', () => {
    expect(
      leastUsedSlots(
        new Map([
          [0, 2],
          [1, 1],
          [2, 1],
        ]),
        3,
        3,
      ),
    ).toEqual([1, 2, 0]);
  });

  it('spread more tasks than slots evenly', () => {
    const slots = leastUsedSlots(new Map(), 4, 10);
    const counts = [0, 1, 2, 3].map((slot) => slots.filter((taken) => taken === slot).length);
    expect(counts).toEqual([3, 3, 2, 2]);
  });
});
