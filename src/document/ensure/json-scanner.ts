import { Byte, isLineBreak, isSpace } from '../../json/byte.js';
import { FIELD_NAMES, fieldAtKey } from './field.js';
import { skipKey, skipSpace, skipValue } from '../../json/json-tokens.js';
import { JsonWalk, MAX_DEPTH } from '../../json/json-walk.js';

/** What a scan found. Only after `ok` do the scanner's fields mean anything. */
export const Scan = {
  /** A JSON object. */
  ok: 0,
  /** Not JSON, or JSON that is not an object. */
  notObject: 1,
  /** A JSON object, but nested deeper than MAX_DEPTH. */
  tooDeep: 2,
} as const;

export type ScanCode = (typeof Scan)[keyof typeof Scan];

const { CLOSE_BRACE, COMMA, OPEN_BRACE } = Byte;
const NONE = -1;
/** Numbers a hit takes in `hits`, in the order of the accessors below. */
const HIT_SIZE = 4;
const USUAL_HITS = 32;
/** Room that a record with countless duplicates took is given back at the next scan. */
const KEPT_HITS = 8192;
const FIELD = 0;
const KEY_START = 1;
const VALUE_START = 2;
const VALUE_END = 3;

/**
 * Checks in one pass that bytes are one strict JSON object (RFC 8259), and notes where the top-level members stand that
 * annotation cares about. Makes no objects: the results are overwritten by the next scan.
 *
 * It does not look at the encoding: whether the strings are UTF-8 is the caller's question.
 */
export class JsonScanner {
  /** What was scanned last; all positions count from the start of these bytes. */
  bytes: Buffer = Buffer.alloc(0);
  /** First byte of the text; white space may stand before the object and after it. */
  start = 0;
  end = 0;
  /** Position of the object's closing brace. */
  closeAt = 0;
  /** The object has no members. */
  isEmpty = true;
  /** Line feeds or carriage returns stand between tokens, or around the object. */
  hasLineBreaks = false;
  /** Hits found, in the order in which they stand; duplicates of a key are all there. */
  hitCount = 0;

  private readonly walk = new JsonWalk();
  private hits = new Int32Array(HIT_SIZE * USUAL_HITS);
  private readonly lastHits = new Int32Array(FIELD_NAMES.length).fill(NONE);

  scan(bytes: Buffer, start: number, end: number): ScanCode {
    this.forgetHits();
    const last = lastOfText(bytes, start, end);
    if (last < start || bytes[last] !== CLOSE_BRACE) {
      return Scan.notObject;
    }
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.closeAt = last;
    this.walk.reset();
    if (!this.scanObject()) {
      return Scan.notObject;
    }
    this.hasLineBreaks = this.walk.hasLineBreaks || this.hasLineBreakAfter(last);
    return this.walk.deepest > MAX_DEPTH ? Scan.tooDeep : Scan.ok;
  }

  /** The last hit of a field, the one whose value counts; -1 when the record does not have it. */
  lastHitOf(field: number): number {
    return this.lastHits[field]!;
  }

  fieldAt(hit: number): number {
    return this.hits[hit * HIT_SIZE + FIELD]!;
  }

  /** Position of the key's opening quote. */
  keyStartAt(hit: number): number {
    return this.hits[hit * HIT_SIZE + KEY_START]!;
  }

  valueStartAt(hit: number): number {
    return this.hits[hit * HIT_SIZE + VALUE_START]!;
  }

  /** Position after the value's last byte. */
  valueEndAt(hit: number): number {
    return this.hits[hit * HIT_SIZE + VALUE_END]!;
  }

  /** Position of the next member's key, whether a hit or not; of the closing brace when there is none. */
  nextAt(hit: number): number {
    const end = this.skipSpaces(this.valueEndAt(hit));
    return this.bytes[end] === COMMA ? this.skipSpaces(end + 1) : end;
  }

  private scanObject(): boolean {
    const { bytes, walk, closeAt } = this;
    const open = skipSpace(walk, bytes, this.start);
    if (bytes[open] !== OPEN_BRACE) {
      return false;
    }
    let i = skipSpace(walk, bytes, open + 1);
    this.isEmpty = i === closeAt;
    while (i < closeAt) {
      const keyStart = i;
      const valueStart = skipKey(walk, bytes, keyStart, closeAt);
      const valueEnd = valueStart === NONE ? NONE : skipValue(walk, bytes, valueStart, closeAt);
      if (valueEnd === NONE) {
        return false;
      }
      const field = fieldAtKey(bytes, keyStart);
      if (field !== NONE) {
        this.note(field, keyStart, valueStart, valueEnd);
      }
      i = skipSpace(walk, bytes, valueEnd);
      if (bytes[i] !== COMMA) {
        break;
      }
      i = skipSpace(walk, bytes, i + 1);
      if (i === closeAt) {
        return false;
      }
    }
    return i === closeAt;
  }

  private note(field: number, keyStart: number, valueStart: number, valueEnd: number): void {
    const at = this.hitCount * HIT_SIZE;
    if (at === this.hits.length) {
      this.growHits();
    }
    const hits = this.hits;
    hits[at + FIELD] = field;
    hits[at + KEY_START] = keyStart;
    hits[at + VALUE_START] = valueStart;
    hits[at + VALUE_END] = valueEnd;
    this.lastHits[field] = this.hitCount++;
  }

  private skipSpaces(from: number): number {
    let i = from;
    while (isSpace(this.bytes[i]!)) {
      i++;
    }
    return i;
  }

  private forgetHits(): void {
    for (let hit = 0; hit < this.hitCount; hit++) {
      this.lastHits[this.fieldAt(hit)] = NONE;
    }
    this.hitCount = 0;
    if (this.hits.length > HIT_SIZE * KEPT_HITS) {
      this.hits = new Int32Array(HIT_SIZE * USUAL_HITS);
    }
  }

  private growHits(): void {
    const grown = new Int32Array(this.hits.length * 2);
    grown.set(this.hits);
    this.hits = grown;
  }

  /** After the closing brace nothing but white space is left. */
  private hasLineBreakAfter(last: number): boolean {
    for (let i = last + 1; i < this.end; i++) {
      if (isLineBreak(this.bytes[i]!)) {
        return true;
      }
    }
    return false;
  }
}

/** Position of the last byte that is not white space; less than `start` when there is none. */
function lastOfText(bytes: Buffer, start: number, end: number): number {
  let i = end - 1;
  while (i >= start && isSpace(bytes[i]!)) {
    i--;
  }
  return i;
}
