import { Byte } from '../../json/byte.js';
import { skipSpace, skipValue } from '../../json/json-tokens.js';
import { JsonWalk } from '../../json/json-walk.js';
import { isObjectAt, readMembers } from '../../json/members.js';
import type { FieldPath, PathSegment } from './field-path.js';
import type { JsonDocument, Span } from './json-document.js';

const { BACKSLASH, COLON, COMMA, OPEN_BRACKET, QUOTE } = Byte;

/** A value and what comes in its place. */
export interface SpanEdit extends Span {
  json: string;
}

/**
 * All values that the path leads to. Of several members with one name not only the last: what hides a value must hide it in
 * the bytes, where the others stand as well.
 */
export function everyValue(record: JsonDocument, { segments }: FieldPath): Span[] {
  const [first, ...rest] = segments;
  const found = first ? record.valuesOf(first) : [record.object];
  return rest.reduce<Span[]>((spans, segment) => spans.flatMap((span) => step(record.bytes, span, segment)), found);
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
  if (edits.length === 0) {
    return;
  }
  const [edit] = edits;
  if (edit && edits.length === 1) {
    record.replaceSpan(edit, Buffer.from(edit.json));
    return;
  }
  const { bytes } = record;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { start, end, json } of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= from) {
      pieces.push(bytes.subarray(from, start), Buffer.from(json));
      from = end;
    }
  }
  record.open(Buffer.concat([...pieces, bytes.subarray(from)]));
}

function step(bytes: Buffer, { start, end }: Span, { name, index }: PathSegment): Span[] {
  if (isObjectAt(bytes, start)) {
    return readMembers(bytes, start, end)
      .filter(({ key }) => key === name)
      .map(({ valueStart, valueEnd }) => ({ start: valueStart, end: valueEnd }));
  }
  const element = bytes[start] === OPEN_BRACKET && index !== undefined && elementAt(bytes, { start, end }, index);
  return element ? [element] : [];
}

function elementAt(bytes: Buffer, { start, end }: Span, index: number): Span | undefined {
  const walk = new JsonWalk();
  const last = end - 1;
  let i = skipSpace(walk, bytes, start + 1);
  for (let k = 0; i < last; k++) {
    const valueEnd = skipValue(walk, bytes, i, last);
    if (k === index) {
      return { start: i, end: valueEnd };
    }
    i = skipSpace(walk, bytes, valueEnd);
    i = bytes[i] === COMMA ? skipSpace(walk, bytes, i + 1) : i;
  }
  return undefined;
}

/** From the opening quote of a checked string to the position after its closing one. */
function stringEnd(bytes: Buffer, start: number): number {
  let i = start + 1;
  while (bytes[i] !== QUOTE) {
    i += bytes[i] === BACKSLASH ? 2 : 1;
  }
  return i + 1;
}
