import { Byte } from '../../json/byte.js';
import { skipKey, skipSpace, skipValue } from '../../json/json-tokens.js';
import { JsonWalk } from '../../json/json-walk.js';
import { decodeString } from '../../json/members.js';
import type { FieldPath, PathSegment } from './field-path.js';
import { isNamed, keyEndBefore } from './member-name.js';
import { MemberTable } from './member-table.js';

const { CLOSE_BRACE, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } = Byte;

/** A value, as positions in the document's bytes; void after the next edit. */
export interface Span {
  start: number;
  end: number;
}

/** A member or an element that a path leads to. */
interface Place extends Span {
  /** Opening quote of the key; of an element where the value starts. */
  keyStart: number;
}

/** The container in which the last segment of a path stands or would stand. */
interface Parent extends Span {
  isObject: boolean;
}

/**
 * A JSON object as bytes that can be read and changed field by field; what is not touched stays as it is spelled. Of
 * several members with one name the last one counts; changing or removing the name leaves at most one.
 *
 * One instance serves one record after another: {@link open} begins anew.
 */
export class JsonDocument {
  /** The object, perhaps with white space around it. */
  bytes: Buffer = Buffer.alloc(0);
  private readonly walk = new JsonWalk();
  /** Of the object itself; holds nothing until somebody asks, and then follows every edit. */
  private readonly members = new MemberTable();
  private hasMembers = false;
  private openAt = 0;
  private closeAt = 0;

  /** `bytes` must be a checked JSON object. */
  open(bytes: Buffer): void {
    this.take(bytes);
  }

  /** The object itself, without the white space around it. */
  get object(): Span {
    return { start: this.openAt, end: this.closeAt + 1 };
  }

  /** Puts another object in the place of the whole one. */
  replaceObject(json: Buffer): void {
    this.splice(this.openAt, this.closeAt + 1, json);
  }

  /** Undefined when the path leads nowhere. */
  find(path: FieldPath): Span | undefined {
    return this.locate(path.segments, path.segments.length);
  }

  has(path: FieldPath): boolean {
    return this.find(path) !== undefined;
  }

  /** The value as it is spelled; undefined when there is none. */
  read(path: FieldPath): Buffer | undefined {
    const span = this.find(path);
    return span && this.bytes.subarray(span.start, span.end);
  }

  /** The text of a string; undefined for anything else. */
  text(path: FieldPath): string | undefined {
    const span = this.find(path);
    return span && this.bytes[span.start] === QUOTE ? decodeString(this.bytes, span.start, span.end) : undefined;
  }

  /** The parsed value; undefined when there is none. For handlers that need a value whatever its spelling. */
  value(path: FieldPath): unknown {
    const spelled = this.read(path);
    return spelled && (JSON.parse(spelled.toString('utf8')) as unknown);
  }

  /**
   * Puts this JSON value at the path; objects on the way that are missing are made, and a name that an object does not
   * have is added at its end. False, and nothing is changed, when something on the way is neither an object nor an array
   * with that element.
   */
  set(path: FieldPath, json: Buffer): boolean {
    const { segments } = path;
    for (let depth = segments.length; depth > 0; depth--) {
      const parent = this.parentOf(segments, depth);
      if (!parent) {
        continue;
      }
      return this.setIn(parent, segments, depth, json);
    }
    return false;
  }

  /** False when there is nothing at the path. Removing an element moves those after it up. */
  remove(path: FieldPath): boolean {
    const { segments } = path;
    const parent = this.parentOf(segments, segments.length);
    const name = segments.at(-1) as PathSegment;
    let isRemoved = false;
    // Each round takes one of several members with this name.
    for (let place = parent && this.placeIn(parent, name); parent && place; place = this.placeIn(parent, name)) {
      const before = this.bytes.length;
      this.cut(parent, place);
      parent.end -= before - this.bytes.length;
      isRemoved = true;
      if (!parent.isObject) {
        break;
      }
    }
    return isRemoved;
  }

  /**
   * Puts the value at another path; within one object it stays where it stands and its key changes. False, and nothing is
   * changed, when there is no value, or no room as in {@link set}.
   */
  move(from: FieldPath, to: FieldPath): boolean {
    const before = this.bytes;
    const value = this.read(from);
    if (!value) {
      return false;
    }
    if (this.isWithinOneObject(from, to)) {
      this.remove(to);
      this.renameInPlace(from, to);
      return true;
    }
    this.remove(from);
    if (this.set(to, value)) {
      return true;
    }
    this.take(before);
    return false;
  }

  /** The value of every top-level member with this name, in order. */
  valuesOf(segment: PathSegment): Span[] {
    const spans: Span[] = [];
    this.eachMember(this.object, (keyStart, start, end) => {
      if (isNamed(this.bytes, keyStart, start, segment)) {
        spans.push({ start, end });
      }
    });
    return spans;
  }

  /** Puts this JSON value in the place of one that {@link find} or {@link valuesOf} has found since the last edit. */
  replaceSpan({ start, end }: Span, json: Buffer): void {
    this.splice(start, end, json);
  }

  /** Names of the top-level members, in order, each once. */
  names(): string[] {
    const names = new Set<string>();
    this.eachMember(this.object, (keyStart, valueStart) => {
      const keyEnd = keyEndBefore(this.bytes, valueStart);
      names.add(decodeString(this.bytes, keyStart, keyEnd));
    });
    return [...names];
  }

  private isWithinOneObject(from: FieldPath, to: FieldPath): boolean {
    const depth = from.segments.length;
    return (
      depth === to.segments.length &&
      from.segments.slice(0, -1).every(({ name }, index) => name === to.segments[index]?.name) &&
      this.parentOf(from.segments, depth)?.isObject === true
    );
  }

  private renameInPlace({ segments }: FieldPath, to: FieldPath): void {
    const segment = segments.at(-1) as PathSegment;
    this.dropEarlier(this.parentOf(segments, segments.length) as Parent, segment);
    const place = this.placeIn(this.parentOf(segments, segments.length) as Parent, segment) as Place;
    const keyEnd = keyEndBefore(this.bytes, place.start);
    this.splice(place.keyStart, keyEnd, Buffer.from(JSON.stringify(to.segments.at(-1)?.name)));
  }

  private take(bytes: Buffer): void {
    this.bytes = bytes;
    this.openAt = bytes.indexOf(OPEN_BRACE);
    this.closeAt = bytes.lastIndexOf(CLOSE_BRACE);
    this.hasMembers = false;
  }

  private locate(segments: readonly PathSegment[], depth: number): Span | undefined {
    let span: Span | undefined = this.object;
    for (let i = 0; i < depth && span; i++) {
      const parent = this.containerAt(span);
      span = parent && this.placeIn(parent, segments[i] as PathSegment);
    }
    return span;
  }

  /** What holds, or can hold, the segment at `depth` - 1. */
  private parentOf(segments: readonly PathSegment[], depth: number): Parent | undefined {
    const span = this.locate(segments, depth - 1);
    return span && this.containerAt(span);
  }

  private containerAt({ start, end }: Span): Parent | undefined {
    const byte = this.bytes[start];
    return byte === OPEN_BRACE || byte === OPEN_BRACKET ? { start, end, isObject: byte === OPEN_BRACE } : undefined;
  }

  private placeIn(parent: Parent, segment: PathSegment): Place | undefined {
    return parent.isObject ? this.memberOf(parent, segment) : this.elementOf(parent, segment.index);
  }

  private memberOf(parent: Span, segment: PathSegment): Place | undefined {
    if (parent.start === this.openAt) {
      return this.ownMember(segment);
    }
    let found: Place | undefined;
    this.eachMember(parent, (keyStart, start, end) => {
      if (isNamed(this.bytes, keyStart, start, segment)) {
        found = { keyStart, start, end };
      }
    });
    return found;
  }

  private ownMember(segment: PathSegment): Place | undefined {
    const { keyStarts, valueStarts, valueEnds, count } = this.ownMembers();
    for (let i = count - 1; i >= 0; i--) {
      const [keyStart, start] = [keyStarts[i]!, valueStarts[i]!];
      if (isNamed(this.bytes, keyStart, start, segment)) {
        return { keyStart, start, end: valueEnds[i]! };
      }
    }
    return undefined;
  }

  private ownMembers(): MemberTable {
    const { members, object } = this;
    if (!this.hasMembers) {
      members.clear();
      this.walkMembers(object, (keyStart, valueStart, valueEnd) => members.add(keyStart, valueStart, valueEnd));
      this.hasMembers = true;
    }
    return members;
  }

  private elementOf(parent: Span, index: number | undefined): Place | undefined {
    const { bytes, walk, closeAt } = this;
    if (index === undefined) {
      return undefined;
    }
    let i = skipSpace(walk, bytes, parent.start + 1);
    for (let k = 0; i < parent.end - 1; k++) {
      const end = skipValue(walk, bytes, i, closeAt);
      if (k === index) {
        return { keyStart: i, start: i, end };
      }
      i = this.afterComma(end);
    }
    return undefined;
  }

  private eachMember(parent: Span, visit: (keyStart: number, valueStart: number, valueEnd: number) => void): void {
    if (parent.start !== this.openAt) {
      this.walkMembers(parent, visit);
      return;
    }
    const { keyStarts, valueStarts, valueEnds, count } = this.ownMembers();
    for (let i = 0; i < count; i++) {
      visit(keyStarts[i]!, valueStarts[i]!, valueEnds[i]!);
    }
  }

  private walkMembers(parent: Span, visit: (keyStart: number, valueStart: number, valueEnd: number) => void): void {
    const { bytes, walk, closeAt } = this;
    const last = parent.end - 1;
    let i = skipSpace(walk, bytes, parent.start + 1);
    while (i < last) {
      const valueStart = skipKey(walk, bytes, i, closeAt);
      const valueEnd = skipValue(walk, bytes, valueStart, closeAt);
      visit(i, valueStart, valueEnd);
      i = this.afterComma(valueEnd);
    }
  }

  /** From the end of a value to where the next one, or the container's end, stands. */
  private afterComma(end: number): number {
    const { bytes, walk } = this;
    const i = skipSpace(walk, bytes, end);
    return bytes[i] === COMMA ? skipSpace(walk, bytes, i + 1) : i;
  }

  private setIn(parent: Parent, segments: readonly PathSegment[], depth: number, json: Buffer): boolean {
    const segment = segments[depth - 1] as PathSegment;
    const place = this.placeIn(parent, segment);
    if (place) {
      // A member on the way that is no container cannot hold the rest.
      return depth === segments.length && this.replace(parent, place, segment, json);
    }
    if (!parent.isObject) {
      return false;
    }
    this.append(parent, segment, nested(segments.slice(depth), json));
    return true;
  }

  private replace(parent: Parent, place: Place, segment: PathSegment, json: Buffer): boolean {
    const before = this.bytes.length;
    this.splice(place.start, place.end, json);
    if (parent.isObject) {
      this.dropEarlier({ ...parent, end: parent.end + this.bytes.length - before }, segment);
    }
    return true;
  }

  /** Of several members with one name only the last one stays. */
  private dropEarlier(parent: Parent, segment: PathSegment): void {
    for (;;) {
      const places: Place[] = [];
      this.eachMember(parent, (keyStart, start, end) => {
        if (isNamed(this.bytes, keyStart, start, segment)) {
          places.push({ keyStart, start, end });
        }
      });
      const [first, second] = places;
      if (!first || !second) {
        return;
      }
      const before = this.bytes.length;
      this.cut(parent, first);
      parent.end -= before - this.bytes.length;
    }
  }

  private append(parent: Parent, segment: PathSegment, json: Buffer): void {
    const close = parent.end - 1;
    const isEmpty = skipSpace(this.walk, this.bytes, parent.start + 1) === close;
    const isOwn = parent.start === this.openAt && this.hasMembers;
    const key = Buffer.from(`${isEmpty ? '' : ','}${JSON.stringify(segment.name)}:`);
    this.splice(close, close, Buffer.concat([key, json]));
    if (isOwn) {
      const valueStart = close + key.length;
      this.members.add(close + (isEmpty ? 0 : 1), valueStart, valueStart + json.length);
    }
  }

  /** Takes a member or an element out, with the comma after it or, of the last one, the comma before it. */
  private cut(parent: Parent, place: Place): void {
    const { bytes, walk } = this;
    if (parent.start === this.openAt) {
      this.members.remove(place.keyStart);
    }
    const next = skipSpace(walk, bytes, place.end);
    if (bytes[next] === COMMA) {
      this.splice(place.keyStart, skipSpace(walk, bytes, next + 1), EMPTY);
      return;
    }
    const comma = bytes.lastIndexOf(COMMA, place.keyStart - 1);
    this.splice(comma > parent.start ? comma : place.keyStart, place.end, EMPTY);
  }

  private splice(start: number, end: number, inserted: Buffer): void {
    const { bytes } = this;
    const spliced = Buffer.allocUnsafe(bytes.length - (end - start) + inserted.length);
    bytes.copy(spliced, 0, 0, start);
    inserted.copy(spliced, start);
    bytes.copy(spliced, start + inserted.length, end);
    if (start <= this.openAt || end > this.closeAt) {
      this.take(spliced);
      return;
    }
    const delta = spliced.length - bytes.length;
    this.bytes = spliced;
    this.closeAt += delta;
    this.members.spliced(start, end, delta);
  }
}

const EMPTY = Buffer.alloc(0);

/** `json` within one object for each of these names. */
function nested(segments: readonly PathSegment[], json: Buffer): Buffer {
  if (segments.length === 0) {
    return json;
  }
  const opening = segments.map(({ name }) => `{${JSON.stringify(name)}:`).join('');
  return Buffer.concat([Buffer.from(opening), json, Buffer.from('}'.repeat(segments.length))]);
}
