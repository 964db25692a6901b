import { Byte } from '../../json/byte.js';

const { DIGIT_0, DIGIT_9, MINUS, QUOTE } = Byte;

/** Longer spellings than a sign and twenty digits hold no 64-bit integer. */
const LONGEST_INTEGER_64 = 21;
const MIN_INTEGER_64 = -(2n ** 63n);
const MAX_INTEGER_64 = 2n ** 64n - 1n;

/** The JSON value at [start, end) is a number spelled as an integer (no fraction, no exponent), of any length. */
export function isIntegerAt(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  for (let i = first; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < DIGIT_0 || byte > DIGIT_9) {
      return false;
    }
  }
  return end > first;
}

/**
 * The 64-bit integer, signed or unsigned, at [start, end): a JSON integer, or a string of digits. Undefined for anything
 * else.
 */
export function findInteger64(bytes: Buffer, start: number, end: number): bigint | undefined {
  const isQuoted = bytes[start] === QUOTE;
  const from = isQuoted ? start + 1 : start;
  const to = isQuoted ? end - 1 : end;
  if (to - from > LONGEST_INTEGER_64 || !isIntegerAt(bytes, from, to)) {
    return undefined;
  }
  const value = BigInt(bytes.toString('latin1', from, to));
  return value >= MIN_INTEGER_64 && value <= MAX_INTEGER_64 ? value : undefined;
}
