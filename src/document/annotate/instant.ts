import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';

const { QUOTE, BACKSLASH, DIGIT_0, DIGIT_9, PLUS, MINUS, DOT, COLON, SPACE } = Byte;
const LETTER_T = 0x74;
const LETTER_Z = 0x7a;
/** Sets the bit that makes a letter lower case: RFC 3339 allows t and z. */
const LOWER = 0x20;

/** No number that a date-time has; offsets, which may be negative, stay above it too. */
const BAD = -1_000_000_000;
const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = Uint8Array.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
/** Length of `2024-02-29T12:34:56`. */
const SECONDS_LENGTH = 19;

/**
 * Epoch ms of the JSON value at [start, end) when it is a string with a date-time of RFC 3339, with any number of
 * fraction digits (cut, not rounded) and any offset; NaN when it is not. A space may stand for the T.
 */
export function instantOfString(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== QUOTE) {
    return NaN;
  }
  const instant = parseInstant(bytes, start + 1, end - 1);
  // Some writers spell the plus sign of an offset as \u002b.
  if (Number.isNaN(instant) && bytes.subarray(start, end).includes(BACKSLASH)) {
    const decoded = Buffer.from(decodeString(bytes, start, end));
    return parseInstant(decoded, 0, decoded.length);
  }
  return instant;
}

function parseInstant(bytes: Buffer, from: number, to: number): number {
  // The shortest one is followed by a Z.
  if (to - from <= SECONDS_LENGTH || !isShaped(bytes, from)) {
    return NaN;
  }
  const day = parseDay(bytes, from);
  const seconds = parseSeconds(bytes, from + 11);
  const fractionEnd = endOfFraction(bytes, from + SECONDS_LENGTH, to);
  const offset = parseOffset(bytes, fractionEnd, to);
  if (day === BAD || seconds === BAD || fractionEnd === BAD || offset === BAD) {
    return NaN;
  }
  const ms = fractionMs(bytes, from + SECONDS_LENGTH, fractionEnd);
  const instant = day * DAY_MS + seconds * 1000 + ms - offset * 60_000;
  // A leap second is the last one of a UTC day, so that counting it ends in the first second of the next.
  const isLeapSecond = twoDigits(bytes, from + 17) === 60;
  return isLeapSecond && modulo(instant, DAY_MS) >= 1000 ? NaN : instant;
}

/** The signs between the numbers stand where they belong. */
function isShaped(bytes: Buffer, at: number): boolean {
  const separator = bytes[at + 10]!;
  return (
    bytes[at + 4] === MINUS &&
    bytes[at + 7] === MINUS &&
    ((separator | LOWER) === LETTER_T || separator === SPACE) &&
    bytes[at + 13] === COLON &&
    bytes[at + 16] === COLON
  );
}

/** Days since the epoch, or BAD. */
function parseDay(bytes: Buffer, at: number): number {
  const century = twoDigits(bytes, at);
  const yearOfCentury = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (century === BAD || yearOfCentury === BAD || month < 1 || month > 12) {
    return BAD;
  }
  const year = century * 100 + yearOfCentury;
  return day >= 1 && day <= daysIn(year, month) ? daysSinceEpoch(year, month, day) : BAD;
}

/** Seconds since midnight, or BAD. */
function parseSeconds(bytes: Buffer, at: number): number {
  const hour = twoDigits(bytes, at);
  const minute = twoDigits(bytes, at + 3);
  const second = twoDigits(bytes, at + 6);
  const isLegal = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
  return isLegal ? (hour * 60 + minute) * 60 + second : BAD;
}

/** The position after the fraction: `at` when there is none, BAD when it has no digits. */
function endOfFraction(bytes: Buffer, at: number, to: number): number {
  if (bytes[at] !== DOT) {
    return at;
  }
  let i = at + 1;
  while (i < to && isDigit(bytes[i]!)) {
    i++;
  }
  return i === at + 1 ? BAD : i;
}

/** The first three digits of a fraction that starts with its dot at `at`; further ones are cut. */
function fractionMs(bytes: Buffer, at: number, end: number): number {
  let ms = 0;
  for (let digit = 1; digit <= 3; digit++) {
    ms = ms * 10 + (at + digit < end ? bytes[at + digit]! - DIGIT_0 : 0);
  }
  return ms;
}

/** Minutes east of UTC, or BAD. */
function parseOffset(bytes: Buffer, at: number, to: number): number {
  const sign = bytes[at]!;
  if ((sign | LOWER) === LETTER_Z && to === at + 1) {
    return 0;
  }
  if (to !== at + 6 || (sign !== PLUS && sign !== MINUS) || bytes[at + 3] !== COLON) {
    return BAD;
  }
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
    return BAD;
  }
  return sign === MINUS ? -(hour * 60 + minute) : hour * 60 + minute;
}

/** BAD when there is anything but digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]!;
  const ones = bytes[at + 1]!;
  return isDigit(tens) && isDigit(ones) ? (tens - DIGIT_0) * 10 + (ones - DIGIT_0) : BAD;
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9;
}

function daysIn(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : DAYS_IN_MONTH[month - 1]!;
}

/** Of the proleptic Gregorian calendar, by counting years from March (http://howardhinnant.github.io/date_algorithms.html). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The remainder with the sign of the divisor; exact for safe integers. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
