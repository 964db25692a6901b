import { writeAgain, writeBytes, writeInteger, writeRange } from './write-bytes.js';

const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);
const integers = powers.flatMap((power) => [power - 1, power, power + 1, 7 * power]);

describe('writeInteger', () => {
  it.each([...integers, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'writes %d and its negative',
    (value) => {
      const out = Buffer.alloc(20, '#');
      expect(out.toString('latin1', 0, writeInteger(out, 0, value))).toBe(String(value));
      expect(out.toString('latin1', 0, writeInteger(out, 0, 0 - value))).toBe(String(0 - value));
    },
  );
});

describe.each([1, 24, 25, 100])('%d bytes', (length) => {
  const bytes = Buffer.from(Array.from({ length }, (_, index) => index));

  it('are written whole, in part and again, and nothing around them', () => {
    const out = Buffer.alloc(3 * length + 3, 0xff);
    let at = writeBytes(out, 1, bytes);
    at = writeRange(out, at, Buffer.concat([Buffer.alloc(2), bytes, Buffer.alloc(2)]), 2, 2 + length);
    at = writeAgain(out, at, 1, 1 + length);
    expect(at).toBe(3 * length + 1);
    expect(out).toEqual(Buffer.concat([Buffer.of(0xff), bytes, bytes, bytes, Buffer.of(0xff, 0xff)]));
  });
});
