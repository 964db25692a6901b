import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';
import { isIntegerAt } from './integer.js';

/** Limit of OpenSearch; a longer id would make it refuse the whole bulk. */
export const MAX_ID_BYTES = 512;
/** One byte of an id takes at most six in JSON, as `\u0041`; with the quotes. */
export const MAX_ID_SPELLING_BYTES = MAX_ID_BYTES * 6 + 2;

/** The id that a record brings along, or why it cannot be one. */
export type OwnId = { id: string } | { fault: string };

/** Reads the value of `__id` at [start, end). */
export function readOwnId(bytes: Buffer, start: number, end: number): OwnId {
  if (bytes[start] === Byte.QUOTE) {
    return readText(bytes, start, end);
  }
  if (isIntegerAt(bytes, start, end)) {
    const length = end - start;
    return length > MAX_ID_BYTES ? tooLong(`${length}`) : { id: bytes.toString('latin1', start, end) };
  }
  return { fault: `__id is ${kindOf(bytes[start]!)}, not a string or an integer` };
}

function readText(bytes: Buffer, start: number, end: number): OwnId {
  if (end - start > MAX_ID_SPELLING_BYTES) {
    return tooLong(`more than ${MAX_ID_BYTES}`);
  }
  const id = decodeString(bytes, start, end);
  const length = Buffer.byteLength(id);
  if (length > MAX_ID_BYTES) {
    return tooLong(`${length}`);
  }
  if (length === 0) {
    return { fault: '__id is an empty string' };
  }
  return id.isWellFormed() ? { id } : { fault: '__id has half of a surrogate pair, which UTF-8 cannot hold' };
}

function tooLong(length: string): OwnId {
  return { fault: `__id is ${length} bytes long, the limit is ${MAX_ID_BYTES}` };
}

function kindOf(firstByte: number): string {
  switch (String.fromCharCode(firstByte)) {
    case '{':
      return 'an object';
    case '[':
      return 'an array';
    case 'n':
      return 'null';
    case 't':
    case 'f':
      return 'a boolean';
    default:
      return 'a number with a fraction or an exponent';
  }
}
