import { DateTime, type ReadingOptions, type TokenParser } from 'luxon';
import { parseDecimal, scaledFloor } from './decimal.js';
import { OptionFault } from './handler-type.js';

/** A point in time, as fine as it was told. */
export interface Instant {
  epochMs: number;
  /** The digits of nanoseconds below the millisecond that were told: up to six, none when it was told in milliseconds. */
  finerDigits: string;
}

/** Reads a text, or the spelling of a number; undefined when it is no time in this format. */
export type InstantFormat = (text: string) => Instant | undefined;

/** What a Date of ECMAScript holds. */
const MAX_EPOCH_MS = 8_640_000_000_000_000;
/** Decimal places of a second in one unit. */
const EPOCH_PLACES = { epoch_s: 0, epoch_ms: 3, epoch_us: 6, epoch_ns: 9 } as const;
const NANOSECOND_PLACES = 9;
/** In nanoseconds. */
const MILLISECOND = 1_000_000n;
/** More than the nanoseconds of any time that a Date holds. */
const MAX_NANOSECOND_DIGITS = 25;
/** No time is longer, and the patterns of formats take their time over long texts. */
const MAX_TEXT_CHARACTERS = 200;

/** A date, and a time only after it: a time alone would be one of the day on which it is read. */
const ISO_WITH_DATE =
  /^(?:[+-]\d{6}|\d{4})(?:-\d\d(?:-\d\d)?|\d\d(?:\d\d)?|-?W\d\d(?:-?\d)?|-?\d{3})?(?:T[\d:]+(?:[.,]\d{1,3}(\d{0,6})\d*)?(?:Z|[+-][\d:]+)?)?$/;

/** Throws an {@link OptionFault} for a format by which no time can be read. */
export function readInstantFormat(option: string, format: string, reading: Required<ReadingOptions>): InstantFormat {
  if (format === 'iso8601') {
    return (text) => fromIso(text, reading);
  }
  if (Object.hasOwn(EPOCH_PLACES, format)) {
    const places = EPOCH_PLACES[format as keyof typeof EPOCH_PLACES];
    return (text) => fromEpoch(text, places);
  }
  const parser = parserOf(option, format, reading);
  return (text) =>
    text.length > MAX_TEXT_CHARACTERS ? undefined : told(DateTime.fromFormatParser(text, parser, reading), '');
}

function fromIso(text: string, reading: ReadingOptions): Instant | undefined {
  if (text.length > MAX_TEXT_CHARACTERS) {
    return undefined;
  }
  // RFC 3339 allows small letters, and a space instead of the T.
  const upper = text.toUpperCase().replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
  const match = ISO_WITH_DATE.exec(upper);
  return match ? told(DateTime.fromISO(upper, reading), match[1] ?? '') : undefined;
}

function told(time: DateTime, finerDigits: string): Instant | undefined {
  return time.isValid ? { epochMs: time.toMillis(), finerDigits } : undefined;
}

function fromEpoch(text: string, places: number): Instant | undefined {
  const decimal = text.length > MAX_TEXT_CHARACTERS ? undefined : parseDecimal(text);
  if (!decimal) {
    return undefined;
  }
  const nanoseconds = scaledFloor(decimal, NANOSECOND_PLACES - places, MAX_NANOSECOND_DIGITS);
  if (nanoseconds === undefined) {
    return undefined;
  }
  const finer = ((nanoseconds % MILLISECOND) + MILLISECOND) % MILLISECOND;
  const epochMs = Number((nanoseconds - finer) / MILLISECOND);
  const toldPlaces = Math.min(Math.max(places, places - decimal.exponent), NANOSECOND_PLACES);
  const finerDigits = String(finer)
    .padStart(6, '0')
    .slice(0, Math.max(toldPlaces - 3, 0));
  return Math.abs(epochMs) > MAX_EPOCH_MS ? undefined : { epochMs, finerDigits };
}

function parserOf(option: string, format: string, reading: Required<ReadingOptions>): TokenParser {
  const parser = DateTime.buildFormatParser(format, reading);
  if (!parser.isValid) {
    throw new OptionFault(option, `cannot be read by: ${parser.invalidReason ?? 'unknown token'}`);
  }
  // Two days that differ in the year alone: both are a Saturday, the third of February.
  const [sample, later] = ['2001-02-03T04:05:06', '2007-02-03T04:05:06'].map((text) => DateTime.fromISO(text, reading));
  const written = sample?.toFormat(format) ?? '';
  if (written === later?.toFormat(format)) {
    throw new OptionFault(option, 'does not say the year, without which a record would get another time next year');
  }
  try {
    DateTime.fromFormatParser(written, parser, reading);
  } catch (error) {
    throw new OptionFault(option, `cannot be read by: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parser;
}
