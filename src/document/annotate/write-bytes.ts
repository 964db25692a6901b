import { Byte } from '../../json/byte.js';

const { DIGIT_0, MINUS } = Byte;
/** Up to here a loop is faster than the call of `set`. */
const LOOP_BYTES = 24;
const BILLION = 1_000_000_000;

/** Each writer answers the position after what it wrote; the caller has made room. */
export function writeBytes(out: Buffer, at: number, bytes: Uint8Array): number {
  if (bytes.length > LOOP_BYTES) {
    out.set(bytes, at);
  } else {
    for (let i = 0; i < bytes.length; i++) {
      out[at + i] = bytes[i]!;
    }
  }
  return at + bytes.length;
}

/** Once more what stands in `out` at [from, to). */
export function writeAgain(out: Buffer, at: number, from: number, to: number): number {
  out.copyWithin(at, from, to);
  return at + to - from;
}

/** The bytes [from, to) of another buffer. */
export function writeRange(out: Buffer, at: number, bytes: Buffer, from: number, to: number): number {
  if (to - from > LOOP_BYTES) {
    bytes.copy(out, at, from, to);
  } else {
    for (let i = from; i < to; i++) {
      out[at + i - from] = bytes[i]!;
    }
  }
  return at + to - from;
}

/** Decimal digits of a safe integer. */
export function writeInteger(out: Buffer, at: number, value: number): number {
  if (value < 0) {
    out[at] = MINUS;
    return writeInteger(out, at + 1, -value);
  }
  if (value < BILLION) {
    return writeDigits(out, at, value | 0, digitsOf(value | 0));
  }
  // In two parts that are 32-bit integers: remainders of larger numbers go through floating point, which is slow.
  const high = Math.floor(value / BILLION);
  const middle = writeDigits(out, at, high | 0, digitsOf(high | 0));
  return writeDigits(out, middle, (value - high * BILLION) | 0, 9);
}

function writeDigits(out: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const quotient = (rest / 10) | 0;
    out[i] = DIGIT_0 + (rest - quotient * 10);
    rest = quotient;
  }
  return at + digits;
}

/** Of a number below one billion. */
function digitsOf(value: number): number {
  if (value < 10_000) {
    return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  }
  if (value < 1_000_000) {
    return value < 100_000 ? 5 : 6;
  }
  return value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : 9;
}
