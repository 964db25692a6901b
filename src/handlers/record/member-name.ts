import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';
import type { PathSegment } from './field-path.js';

const { BACKSLASH, QUOTE } = Byte;

/** True when the key at this place is the segment's name, however it is spelled. */
export function isNamed(bytes: Buffer, keyStart: number, valueStart: number, { name, spelling }: PathSegment): boolean {
  const from = keyStart + 1;
  const first = bytes[from];
  if (spelling && first !== spelling[0] && first !== BACKSLASH) {
    return false;
  }
  const keyEnd = keyEndBefore(bytes, valueStart);
  if (spelling && keyEnd - 1 - from === spelling.length) {
    // Of the same length in bytes: a spelling with escapes is longer than the name.
    return hasAt(bytes, from, spelling);
  }
  return isEscaped(bytes, from, keyEnd) && decodeString(bytes, keyStart, keyEnd) === name;
}

/** The position after a key's closing quote: between a key and its value stand white space and the colon only. */
export function keyEndBefore(bytes: Buffer, valueStart: number): number {
  let i = valueStart - 1;
  while (bytes[i] !== QUOTE) {
    i--;
  }
  return i + 1;
}

/** Names are short: a call into the engine costs more than a look at each byte. */
function hasAt(bytes: Buffer, from: number, name: Buffer): boolean {
  for (let i = 0; i < name.length; i++) {
    if (bytes[from + i] !== name[i]) {
      return false;
    }
  }
  return true;
}

function isEscaped(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] === BACKSLASH) {
      return true;
    }
  }
  return false;
}
