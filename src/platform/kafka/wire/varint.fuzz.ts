import fc from 'fast-check';
import { zigzag } from '../../../../test/factories/zigzag.js';
import { VarintReader, varintSize, writeVarint } from './varint.js';

/** Lengths, offset deltas and timestamp deltas: what 53 bits hold once doubled. */
const integer = fc.oneof(
  fc.integer(),
  fc.integer({ min: -200, max: 200 }),
  fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
);

describe('variable-length integers', () => {
  it('are written as 64-bit arithmetic would, and read back one after another', () => {
    fc.assert(
      fc.property(fc.array(integer, { maxLength: 20 }), (values) => {
        const out = Buffer.alloc(values.reduce((sum, value) => sum + varintSize(value), 0));
        const end = values.reduce((position, value) => writeVarint(out, position, value), 0);
        expect(end).toBe(out.length);
        expect(out.equals(Buffer.concat(values.map(zigzag)))).toBe(true);
        const reader = new VarintReader(Buffer.alloc(0));
        reader.reset(out, 0);
        expect(values.map(() => reader.read())).toEqual(values.map((value) => value + 0));
        expect(reader.position).toBe(out.length);
      }),
    );
  });
});
