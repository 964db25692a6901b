import fc from 'fast-check';
import { jsonNumber } from '../../test/factories/json-text.js';
import { type Decimal, integerText, isIntegerSpelling, isSameDecimal, parseDecimal, scaledFloor } from './decimal.js';

const MAX_DIGITS = 3000;

/** Numerator and denominator, by another way than the code under test. */
function fractionOf(text: string): [bigint, bigint] {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(power) - fraction.length;
  const value = BigInt(whole.replace('-', '') + fraction) * (text.startsWith('-') ? -1n : 1n);
  return shift >= 0 ? [value * 10n ** BigInt(shift), 1n] : [value, 10n ** BigInt(-shift)];
}

function floor([numerator, denominator]: [bigint, bigint]): bigint {
  const rest = ((numerator % denominator) + denominator) % denominator;
  return (numerator - rest) / denominator;
}

describe('any JSON number', () => {
  it('is cut to the integer below it, and is an integer only when nothing is cut', () => {
    fc.assert(
      fc.property(jsonNumber, fc.nat(9), (text, shift) => {
        const decimal = parseDecimal(text) as Decimal;
        const [numerator, denominator] = fractionOf(text);

        expect(scaledFloor(decimal, shift, MAX_DIGITS)).toBe(floor([numerator * 10n ** BigInt(shift), denominator]));
        const isInteger = numerator % denominator === 0n;
        expect(integerText(decimal, MAX_DIGITS)).toBe(isInteger ? String(numerator / denominator) : undefined);
        expect(isIntegerSpelling(text)).toBe(/^[-\d]*$/.test(text));
      }),
      { numRuns: 5000, seed: 41_001 },
    );
  });

  it('is the same as another exactly when their difference is zero', () => {
    const zeros = fc.constantFrom('', '0', '000');
    const close = fc.tuple(fc.constantFrom('', '-'), fc.nat(30), zeros, fc.constantFrom(-1, 0, 1), zeros);
    const number = close.map(
      ([sign, digits, end, power, tail]) => `${sign}${digits}${digits ? end : ''}.0${tail}e${power}`,
    );
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [[a, b], [c, d]] = [fractionOf(one), fractionOf(other)];

        expect(isSameDecimal(parseDecimal(one) as Decimal, parseDecimal(other) as Decimal)).toBe(a * d === c * b);
      }),
      { numRuns: 5000, seed: 41_002 },
    );
  });
});
