import { Byte } from '../../json/byte.js';
import { skipSpace } from '../../json/json-tokens.js';
import { JsonWalk } from '../../json/json-walk.js';
import type { Edit, JsonDocument } from './json-document.js';
import type { Span } from './json-places.js';

const { BACKSLASH, COLON, QUOTE } = Byte;

/** A value and what comes in its place. */
export interface SpanEdit extends Span {
  json: string;
}

/** All strings within these bounds that are values, not keys. */
export function everyText(bytes: Buffer, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  const walk = new JsonWalk();
  for (let i = bytes.indexOf(QUOTE, start); i !== -1 && i < end;) {
    const after = stringEnd(bytes, i);
    if (bytes[skipSpace(walk, bytes, after)] !== COLON) {
      spans.push({ start: i, end: after });
    }
    i = bytes.indexOf(QUOTE, after);
  }
  return spans;
}

/** Puts all of them in, in one copy of the bytes. Of an edit within another one the outer one counts. */
export function applyEdits(record: JsonDocument, edits: readonly SpanEdit[]): void {
  const apart: Edit[] = [];
  let from = 0;
  for (const { start, end, json } of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= from) {
      apart.push({ start, end, json: Buffer.from(json) });
      from = end;
    }
  }
  record.apply(apart);
}

/** From the opening quote of a checked string to the position after its closing one. */
function stringEnd(bytes: Buffer, start: number): number {
  let i = start + 1;
  while (bytes[i] !== QUOTE) {
    i += bytes[i] === BACKSLASH ? 2 : 1;
  }
  return i + 1;
}
