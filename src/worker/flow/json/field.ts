import { Byte } from './byte.js';

/** What {@link fieldAtKey} answers for a key that is none of the fields. */
export const NO_FIELD = -1;

/** The top-level members that annotation reads or replaces; a field's number is its place here. Shorter names first. */
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
const NONE = NO_FIELD;
const LONGEST_NAME = Math.max(...FIELD_NAMES.map((name) => name.length));
/** A character takes at most six bytes in a key, as `\u005f`; a longer key is none of ours. */
const LONGEST_SPELLING = LONGEST_NAME * 6;

/** All names in a row; the one of a field starts at NAME_STARTS[field]. */
const NAMES = Buffer.from(FIELD_NAMES.join(''));
const NAME_STARTS = Int32Array.from(FIELD_NAMES, (_, field) => FIELD_NAMES.slice(0, field).join('').length);
/** The first field whose name is so long or longer. */
const FIRST_OF_LENGTH = Int32Array.from({ length: LONGEST_NAME + 2 }, (_, length) => {
  const first = FIELD_NAMES.findIndex((name) => name.length >= length);
  return first < 0 ? FIELD_NAMES.length : first;
});

/** 1 for a first byte that some name, or an escape, begins with: most keys of most records stop here. */
const FIRST_BYTES = new Uint8Array(256);
for (const name of [...FIELD_NAMES, '\\']) {
  FIRST_BYTES[name.charCodeAt(0)] = 1;
}

/**
 * The field whose key has its opening quote at `quote`; NO_FIELD for any other key. A key spelled with escapes is the same
 * key. The bytes must be a checked JSON string.
 */
export function fieldAtKey(bytes: Buffer, quote: number): number {
  return FIRST_BYTES[bytes[quote + 1]!] === 0 ? NONE : lookUp(bytes, quote + 1);
}

function lookUp(bytes: Buffer, from: number): number {
  const limit = from + LONGEST_SPELLING;
  let to = from;
  while (bytes[to] !== QUOTE) {
    if (bytes[to] === BACKSLASH) {
      return escapedFieldAt(bytes, from);
    }
    if (++to > limit) {
      return NONE;
    }
  }
  return plainFieldOf(bytes, from, to - from);
}

function plainFieldOf(bytes: Buffer, from: number, length: number): number {
  if (length > LONGEST_NAME) {
    return NONE;
  }
  const end = FIRST_OF_LENGTH[length + 1]!;
  for (let field = FIRST_OF_LENGTH[length]!; field < end; field++) {
    const name = NAME_STARTS[field]!;
    let i = 0;
    while (i < length && bytes[from + i] === NAMES[name + i]) {
      i++;
    }
    if (i === length) {
      return field;
    }
  }
  return NONE;
}

function escapedFieldAt(bytes: Buffer, from: number): number {
  const limit = from + LONGEST_SPELLING;
  let to = from;
  while (bytes[to] !== QUOTE) {
    to += bytes[to] === BACKSLASH ? 2 : 1;
    if (to > limit) {
      return NONE;
    }
  }
  return FIELD_NAMES.indexOf(JSON.parse(bytes.toString('utf8', from - 1, to + 1)) as FieldName);
}
