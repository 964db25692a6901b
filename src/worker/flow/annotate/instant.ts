import { Byte } from '../json/byte.js';
import { decodeString } from '../json/members.js';

const { QUOTE, BACKSLASH, DIGIT_0, DIGIT_9, PLUS, MINUS, DOT, COLON, SPACE } = Byte;
const LETTER_T = 0x74;
const LETTER_Z = 0x7a;
/** Sets the bit that makes a letter lower case: RFC 3339 allows t and z. */
const LOWER = 0x20;

const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = Uint8Array.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
/** Length of `2024-02-29T12:34:56`. */
const SECONDS_LENGTH = 19;

/**
 * Epoch ms of the JSON value at [start, end) when it is a string with a date-time of RFC 3339, with any number of fraction digits
 * (cut, not rounded) and any offset; NaN when it is not. A space may stand for the T.
 */
export function instantOfString(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== QUOTE) {
    return NaN;
  }
  for (let i = start; i < end; i++) {
    if (bytes[i] === BACKSLASH) {
      // Some writers spell the plus sign of an offset as \u002b.
      const decoded = Buffer.from(decodeString(bytes, start, end));
      return parseInstant(decoded, 0, decoded.length);
    }
  }
  return parseInstant(bytes, start + 1, end - 1);
}

function parseInstant(bytes: Buffer, from: number, to: number): number {
  if (to - from <= SECONDS_LENGTH) {
    return NaN;
  }
  const dayMs = parseDay(bytes, from);
  const separator = bytes[from + 10]!;
  const timeMs = parseTime(bytes, from + 11);
  if ((separator | LOWER) !== LETTER_T && separator !== SPACE) {
    return NaN;
  }
  const fractionEnd = endOfFraction(bytes, from + SECONDS_LENGTH, to);
  const instant =
    dayMs + timeMs + fractionMs(bytes, from + SECONDS_LENGTH, fractionEnd) - offsetMs(bytes, fractionEnd, to);
  const isLeapSecond = number(bytes, from + 17, 2) === 60;
  // A leap second is the last one of a UTC day, so that counting it ends in the first second of the next.
  return isLeapSecond && modulo(instant, DAY_MS) >= 1000 ? NaN : instant;
}

function parseDay(bytes: Buffer, at: number): number {
  const year = number(bytes, at, 4);
  const month = number(bytes, at + 5, 2);
  const day = number(bytes, at + 8, 2);
  const isShaped = bytes[at + 4] === MINUS && bytes[at + 7] === MINUS;
  if (!isShaped || !(month >= 1 && month <= 12) || !(day >= 1 && day <= daysIn(year, month))) {
    return NaN;
  }
  return daysSinceEpoch(year, month, day) * DAY_MS;
}

function parseTime(bytes: Buffer, at: number): number {
  const hour = number(bytes, at, 2);
  const minute = number(bytes, at + 3, 2);
  const second = number(bytes, at + 6, 2);
  const isShaped = bytes[at + 2] === COLON && bytes[at + 5] === COLON;
  return isShaped && hour <= 23 && minute <= 59 && second <= 60 ? ((hour * 60 + minute) * 60 + second) * 1000 : NaN;
}

/** Answers `at` when there is no fraction. */
function endOfFraction(bytes: Buffer, at: number, to: number): number {
  let i = at;
  if (bytes[i] === DOT) {
    do {
      i++;
    } while (i < to && isDigit(bytes[i]!));
  }
  return i;
}

function fractionMs(bytes: Buffer, at: number, end: number): number {
  if (end === at) {
    return 0;
  }
  let ms = 0;
  for (let digit = 1; digit <= 3; digit++) {
    ms = ms * 10 + (at + digit < end ? bytes[at + digit]! - DIGIT_0 : 0);
  }
  return end === at + 1 ? NaN : ms;
}

function offsetMs(bytes: Buffer, at: number, to: number): number {
  const sign = bytes[at]!;
  if ((sign | LOWER) === LETTER_Z && to === at + 1) {
    return 0;
  }
  const hour = number(bytes, at + 1, 2);
  const minute = number(bytes, at + 4, 2);
  const isShaped = to === at + 6 && (sign === PLUS || sign === MINUS) && bytes[at + 3] === COLON;
  const ms = isShaped && hour <= 23 && minute <= 59 ? (hour * 60 + minute) * 60_000 : NaN;
  return sign === MINUS ? -ms : ms;
}

/** So many digits as a number; NaN when there is anything else among them. */
function number(bytes: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const byte = bytes[i]!;
    if (!isDigit(byte)) {
      return NaN;
    }
    value = value * 10 + (byte - DIGIT_0);
  }
  return value;
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
