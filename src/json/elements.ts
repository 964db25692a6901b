import { Byte } from './byte.js';
import { skipSpace, skipValue } from './json-tokens.js';
import { JsonWalk } from './json-walk.js';

/** One element of an array, as positions in the bytes that hold it. */
export interface Element {
  start: number;
  end: number;
}

/** The elements of the array that stands at [start, end) of checked JSON, in order. */
export function readElements(bytes: Buffer, start: number, end: number): Element[] {
  const walk = new JsonWalk();
  const last = end - 1;
  const elements: Element[] = [];
  let i = skipSpace(walk, bytes, start + 1);
  while (i < last) {
    const valueEnd = skipValue(walk, bytes, i, last);
    elements.push({ start: i, end: valueEnd });
    i = skipSpace(walk, bytes, valueEnd);
    if (bytes[i] === Byte.COMMA) {
      i = skipSpace(walk, bytes, i + 1);
    }
  }
  return elements;
}
