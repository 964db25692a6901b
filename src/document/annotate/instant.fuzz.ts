import fc from 'fast-check';
import { instantOfString } from './instant.js';

const two = (value: number): string => String(value).padStart(2, '0');

describe('instantOfString against Date', () => {
  it('agrees on every time of the years 1 to 9998, at any offset and precision', () => {
    const time = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9998-12-31T23:59:59Z') });
    const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    fc.assert(
      fc.property(time, offset, fc.stringMatching(/^[0-9]{0,9}$/), (ms, minutes, moreDigits) => {
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
        const sign = minutes < 0 ? '-' : '+';
        const shift = `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
        const bytes = Buffer.from(`"${local}${moreDigits}${shift}"`);
        expect(instantOfString(bytes, 0, bytes.length)).toBe(ms);
      }),
      { numRuns: 5000 },
    );
  });
});
