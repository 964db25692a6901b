import { Byte } from './byte.js';
import { skipKey, skipSpace, skipValue } from './json-tokens.js';
import { JsonWalk } from './json-walk.js';

/** One member of an object, as positions in the bytes that hold it. */
export interface Member {
  /** Decoded. */
  key: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
  /** Position of the next member's key; of the closing brace when there is none. */
  next: number;
}

/**
 * The members of the object that stands at [start, end) of checked JSON, in order, duplicates included. Makes an object a
 * member: for the few small parts of a record that annotation has to look into.
 */
export function readMembers(bytes: Buffer, start: number, end: number): Member[] {
  const walk = new JsonWalk();
  const last = end - 1;
  const members: Member[] = [];
  let i = skipSpace(walk, bytes, start + 1);
  while (i < last) {
    const keyStart = i;
    const valueStart = skipKey(walk, bytes, keyStart, last);
    const valueEnd = skipValue(walk, bytes, valueStart, last);
    i = skipSpace(walk, bytes, valueEnd);
    if (bytes[i] === Byte.COMMA) {
      i = skipSpace(walk, bytes, i + 1);
    }
    members.push({
      key: decodeString(bytes, keyStart, keyEndOf(bytes, valueStart)),
      keyStart,
      valueStart,
      valueEnd,
      next: i,
    });
  }
  return members;
}

/** The last member of that name, the one whose value counts; undefined when there is none. */
export function findMember(members: readonly Member[], key: string): Member | undefined {
  return members.findLast((member) => member.key === key);
}

export function isObjectAt(bytes: Buffer, start: number): boolean {
  return bytes[start] === Byte.OPEN_BRACE;
}

export function isStringAt(bytes: Buffer, start: number): boolean {
  return bytes[start] === Byte.QUOTE;
}

/** The text of the JSON string at [start, end), its quotes included in the range. */
export function decodeString(bytes: Buffer, start: number, end: number): string {
  const spelling = bytes.toString('utf8', start + 1, end - 1);
  return spelling.includes('\\') ? (JSON.parse(`"${spelling}"`) as string) : spelling;
}

/** A text as a JSON string; half of a surrogate pair is spelled as an escape, since UTF-8 cannot hold it. */
export function encodeString(text: string): Buffer {
  return Buffer.from(JSON.stringify(text));
}

/** Back from a value over the colon to the position after its key. */
function keyEndOf(bytes: Buffer, valueStart: number): number {
  return bytes.lastIndexOf(Byte.QUOTE, valueStart - 1) + 1;
}
