import { jest } from '@jest/globals';
import { FAIL_POINTS, isFailPoint } from '../../config/fail-points.js';
import { FailPoints } from './fail-points.js';

describe('fail-points', () => {
  const diesAt = (armed: string[], id: string) => {
    const die = jest.fn();
    const points = new FailPoints(armed, die);
    return FAIL_POINTS.filter((point) => {
      die.mockClear();
      points.reached(point, id);
      return die.mock.calls.length > 0;
    });
  };

  it('do nothing when none is armed', () => {
    expect(diesAt([], 'orders')).toEqual([]);
  });

  it('end the process where they are armed, and nowhere else', () => {
    expect(diesAt(['create.told', 'delete.marked'], 'orders')).toEqual(['create.told', 'delete.marked']);
  });

  it('may be armed for one pipeline alone', () => {
    expect(diesAt(['create.told:orders'], 'orders')).toEqual(['create.told']);
    expect(diesAt(['create.told:orders'], 'others')).toEqual([]);
  });

  it.each([...FAIL_POINTS, 'create.told:orders', 'create.told:0-a'])('can be armed as %s', (text) => {
    expect(isFailPoint(text)).toBe(true);
  });

  it.each(['', 'create', 'create.nothing', 'create.told:', 'create.told:Orders', 'create.told:a:b', 1])(
    'cannot be armed as %p',
    (text) => {
      expect(isFailPoint(text)).toBe(false);
    },
  );
});
