import { Byte } from '../../json/byte.js';

/** What {@link fieldAtKey} answers for a key that is none of the fields. */
export const NO_FIELD = -1;

/** The top-level members that annotation reads or replaces; a field's number is its place here. */
export const FIELD_NAMES = [
  '__id',
  '__tsid',
  'labels',
  'EndTime',
  'category',
  'Duration',
  '__routing',
  'StartTime',
  '__category',
  '@timestamp',
  'prometheus',
  '__data_type',
  'SpanContext',
  '__index_base',
  '__write_time',
  '__pipeline_id',
] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

export const Field = Object.fromEntries(FIELD_NAMES.map((name, field) => [name, field])) as Record<FieldName, number>;

const { BACKSLASH, QUOTE } = Byte;
const UNDERSCORE = 0x5f;
const NONE = NO_FIELD;
/** A character takes at most six bytes in a key, as `\u005f`; a longer key is none of ours. */
const LONGEST_SPELLING = 6 * Math.max(...FIELD_NAMES.map((name) => name.length));

/** All names in a row; the one of a field starts at NAME_STARTS[field], and the next one where it ends. */
const NAMES = Buffer.from(FIELD_NAMES.join(''));
const NAME_STARTS = Int32Array.from({ length: FIELD_NAMES.length + 1 }, (_, field) => {
  return FIELD_NAMES.slice(0, field).join('').length;
});

/** 1 for a first byte that some name, or an escape, begins with: most keys of most records stop here. */
const FIRST_BYTES = new Uint8Array(256);
FIRST_BYTES[BACKSLASH] = 1;
/** The first field for a telling byte, and the next one for the same byte. */
const FIRST_CANDIDATES = new Int32Array(256).fill(NONE);
const NEXT_CANDIDATES = new Int32Array(FIELD_NAMES.length).fill(NONE);
FIELD_NAMES.forEach((name, field) => {
  const bytes = Buffer.from(name);
  FIRST_BYTES[bytes[0]!] = 1;
  const telling = tellingByte(bytes, 0);
  NEXT_CANDIDATES[field] = FIRST_CANDIDATES[telling]!;
  FIRST_CANDIDATES[telling] = field;
});

/** The byte that tells most names apart: the first, or the third of those that begin with two underscores. */
function tellingByte(bytes: Uint8Array, from: number): number {
  return bytes[from] === UNDERSCORE ? bytes[from + 2]! : bytes[from]!;
}

/**
 * The field whose key has its opening quote at `quote`; NO_FIELD for any other key. A key spelled with escapes is the same
 * key. The bytes must be a checked JSON string, in a checked JSON object.
 */
export function fieldAtKey(bytes: Buffer, quote: number): number {
  return FIRST_BYTES[bytes[quote + 1]!] === 0 ? NONE : lookUp(bytes, quote + 1);
}

function lookUp(bytes: Buffer, from: number): number {
  let field = FIRST_CANDIDATES[tellingByte(bytes, from)]!;
  while (field !== NONE) {
    if (isNamed(bytes, from, field)) {
      return field;
    }
    field = NEXT_CANDIDATES[field]!;
  }
  return lookUpEscaped(bytes, from);
}

function isNamed(bytes: Buffer, from: number, field: number): boolean {
  const start = NAME_STARTS[field]!;
  const length = NAME_STARTS[field + 1]! - start;
  let i = 0;
  while (i < length && bytes[from + i] === NAMES[start + i]) {
    i++;
  }
  return i === length && bytes[from + length] === QUOTE;
}

function lookUpEscaped(bytes: Buffer, from: number): number {
  const limit = from + LONGEST_SPELLING;
  let isEscaped = false;
  let to = from;
  while (bytes[to] !== QUOTE) {
    if (bytes[to] === BACKSLASH) {
      isEscaped = true;
      to++;
    }
    to++;
    if (to > limit) {
      return NONE;
    }
  }
  return isEscaped ? FIELD_NAMES.indexOf(JSON.parse(bytes.toString('utf8', from - 1, to + 1)) as FieldName) : NONE;
}
