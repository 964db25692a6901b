import { sequentialOrder, type SequentialModel, type TimedEvent } from './sequential-order.js';

type RegisterEvent = { write: number } | { read: number };

const register: SequentialModel<number, RegisterEvent> = {
  initial: 0,
  step: (state, event) => ('write' in event ? [event.write] : event.read === state ? [state] : []),
};
const at = (from: number, to: number, event: RegisterEvent, isOptional = false): TimedEvent<RegisterEvent> => ({
  event,
  from,
  to,
  isOptional,
});

describe('the search for a sequential order', () => {
  it.each<[what: string, events: TimedEvent<RegisterEvent>[], isLegal: boolean]>([
    ['nothing happened', [], true],
    ['a read after the write', [at(1, 2, { write: 1 }), at(3, 4, { read: 1 })], true],
    ['a read that missed an earlier write', [at(1, 2, { write: 1 }), at(3, 4, { read: 0 })], false],
    ['a read during the write, as before', [at(1, 4, { write: 1 }), at(2, 3, { read: 0 })], true],
    ['a read during the write, as after', [at(1, 4, { write: 1 }), at(2, 3, { read: 1 })], true],
    ['reads that see the value go back', [at(1, 9, { write: 1 }), at(2, 3, { read: 1 }), at(4, 5, { read: 0 })], false],
    ['a write that was lost on its way', [at(1, Infinity, { write: 1 }, true), at(2, 3, { read: 0 })], true],
    [
      'a write that came late',
      [at(1, Infinity, { write: 1 }, true), at(2, 3, { read: 0 }), at(4, 5, { read: 1 })],
      true,
    ],
    ['a read of what nobody wrote', [at(1, 2, { write: 1 }), at(3, 4, { read: 2 })], false],
    ['a read of a lost write before it was made', [at(1, 2, { read: 1 }), at(3, Infinity, { write: 1 }, true)], false],
  ])('judges: %s', (_what, events, isLegal) => {
    expect(sequentialOrder(register, events).isLegal).toBe(isLegal);
  });

  it('answers the order that it found', () => {
    const events = [at(1, 5, { write: 1 }), at(2, 6, { write: 2 }), at(7, 8, { read: 1 })];
    expect(sequentialOrder(register, events)).toEqual({
      isLegal: true,
      order: [{ write: 2 }, { write: 1 }, { read: 1 }],
    });
  });

  it('keeps what belongs together in its order', () => {
    const first = at(1, 9, { write: 1 });
    const second = { ...at(1, 9, { write: 2 }), after: first };
    expect(sequentialOrder(register, [second, first, at(10, 11, { read: 1 })]).isLegal).toBe(false);
    expect(sequentialOrder(register, [second, first, at(10, 11, { read: 2 })]).isLegal).toBe(true);
  });

  it('tells how far it came', () => {
    const { isLegal, order } = sequentialOrder(register, [at(1, 2, { write: 1 }), at(3, 4, { read: 7 })]);
    expect([isLegal, order]).toEqual([false, [{ write: 1 }]]);
  });

  it('is quick about many that overlap', () => {
    const writes = Array.from({ length: 12 }, (_, n) => at(n, 100 + n, { write: n }));
    const reads = Array.from({ length: 12 }, (_, n) => at(200 + 2 * n, 201 + 2 * n, { read: 3 }));
    expect(sequentialOrder(register, [...writes, ...reads]).isLegal).toBe(true);
    expect(sequentialOrder(register, [...writes, ...reads, at(300, 301, { read: 4 })]).isLegal).toBe(false);
  });
});
