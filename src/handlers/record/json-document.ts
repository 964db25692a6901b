import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';
import { ComputingTime } from '../computing-time.js';
import type { FieldPath, PathSegment } from './field-path.js';
import { JsonPlaces, type Place, type Span } from './json-places.js';
import { keyEndBefore } from './member-name.js';
import { TopMembers } from './top-members.js';

const { CLOSE_BRACE, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } = Byte;

/** Bytes that come in the place of others. */
export interface Edit extends Span {
  json: Buffer;
}

/** How far a path leads, and what to cut so that each name on it stands there once. */
interface Way {
  cuts: Edit[];
  /** Names of the path up to the container and in it. */
  depth: number;
  container: Span;
  /** Undefined when the container has nothing of the name; else the path's end. */
  place: Place | undefined;
}

/**
 * A JSON object as bytes that can be read and changed field by field; what is not touched stays as it is spelled.
 *
 * Of several members with one name the last one counts, as for OpenSearch and JSON.parse: it is what is read, and setting
 * something at or below it cuts the others. Removing takes the field out of every one of them, because what is to be
 * gone must not be left in the bytes. Each change reads the bytes at most once for each name of the path, and copies them
 * once, however many members have the name; the members of the record itself are listed once for many changes.
 *
 * One instance serves one record after another: {@link open} begins anew.
 */
export class JsonDocument {
  /** The object, perhaps with white space around it. */
  bytes: Buffer = Buffer.alloc(0);
  /** What handlers have left for the record at hand. */
  readonly time = new ComputingTime();
  private readonly places = new JsonPlaces();
  private readonly members = new TopMembers(this.places);
  private openAt = 0;
  private closeAt = 0;

  /** A record longer than `maxBytes` is too large; what makes it so is for handlers to refuse. */
  constructor(readonly maxBytes = Infinity) {}

  get isTooLarge(): boolean {
    return this.bytes.length > this.maxBytes;
  }

  /** `bytes` must be a checked JSON object. */
  open(bytes: Buffer): void {
    this.bytes = bytes;
    this.openAt = bytes.indexOf(OPEN_BRACE);
    this.closeAt = bytes.lastIndexOf(CLOSE_BRACE);
    this.members.forget();
  }

  /** The object itself, without the white space around it. */
  get object(): Span {
    return { start: this.openAt, end: this.closeAt + 1 };
  }

  /** Undefined when the path leads nowhere. */
  find(path: FieldPath): Span | undefined {
    return this.locate(path.segments, path.segments.length);
  }

  /** All values that the path leads to, those of members included that do not count, in order. */
  findAll({ segments }: FieldPath): Span[] {
    return this.locateAll(segments, segments.length);
  }

  /** Puts another object in the place of the whole one. */
  replaceObject(json: Buffer): void {
    this.apply([{ ...this.object, json }]);
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
  set({ segments }: FieldPath, json: Buffer): boolean {
    const way = this.wayTo(segments);
    if (!way) {
      return false;
    }
    const { cuts, depth, container, place } = way;
    if (place) {
      this.apply([...cuts, { start: place.start, end: place.end, json }]);
      return true;
    }
    if (this.bytes[container.start] !== OPEN_BRACE) {
      return false;
    }
    this.add(container, segments[depth - 1] as PathSegment, nested(segments, depth, json), cuts);
    return true;
  }

  /** False when there is nothing at the path. Removing an element moves those after it up. */
  remove({ segments }: FieldPath): boolean {
    const name = segments.at(-1) as PathSegment;
    const containers = this.locateAll(segments, segments.length - 1);
    return this.apply(containers.flatMap((container) => this.cutsIn(container, name)));
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
      this.changeKey(from, to.segments.at(-1) as PathSegment);
      return true;
    }
    this.remove(from);
    if (this.set(to, value)) {
      return true;
    }
    this.open(before);
    return false;
  }

  /** Puts all of them in, in one copy of the bytes. They must not overlap, and stand in order. False when there is none. */
  apply(edits: readonly Edit[]): boolean {
    if (edits.length === 0) {
      return false;
    }
    const [edit, ...others] = edits;
    if (edit && others.length === 0 && edit.start > this.openAt && edit.end <= this.closeAt) {
      this.splice(edit);
      return true;
    }
    const { bytes } = this;
    const pieces: Buffer[] = [];
    let copied = 0;
    for (const { start, end, json } of edits) {
      pieces.push(bytes.subarray(copied, start), json);
      copied = end;
    }
    pieces.push(bytes.subarray(copied));
    this.open(Buffer.concat(pieces));
    return true;
  }

  private locate(segments: readonly PathSegment[], depth: number): Span | undefined {
    let span: Span | undefined = this.object;
    for (let i = 0; i < depth && span; i++) {
      span = this.lastIn(span, segments[i] as PathSegment);
    }
    return span;
  }

  private locateAll(segments: readonly PathSegment[], depth: number): Span[] {
    let spans: Span[] = [this.object];
    for (let i = 0; i < depth; i++) {
      spans = spans.flatMap((span) => this.namedIn(span, segments[i] as PathSegment));
    }
    return spans;
  }

  private namedIn(container: Span, segment: PathSegment): readonly Place[] {
    return container.start === this.openAt
      ? this.members.named(this.bytes, this.object, segment)
      : this.places.named(this.bytes, container, segment);
  }

  private lastIn(container: Span, segment: PathSegment): Place | undefined {
    return container.start === this.openAt
      ? this.members.last(this.bytes, this.object, segment)
      : this.places.named(this.bytes, container, segment).at(-1);
  }

  /** One edit within the object. */
  private splice(edit: Edit): void {
    const { bytes } = this;
    const { start, end, json } = edit;
    const spliced = Buffer.allocUnsafe(bytes.length - (end - start) + json.length);
    bytes.copy(spliced, 0, 0, start);
    json.copy(spliced, start);
    bytes.copy(spliced, start + json.length, end);
    const delta = spliced.length - bytes.length;
    this.bytes = spliced;
    this.closeAt += delta;
    this.members.edited(edit, delta);
  }

  /** Undefined when something on the way is no container. */
  private wayTo(segments: readonly PathSegment[]): Way | undefined {
    const cuts: Edit[] = [];
    let container = this.object;
    for (let depth = 1; isContainer(this.bytes, container); depth++) {
      const found = this.namedIn(container, segments[depth - 1] as PathSegment);
      const place = found.at(-1);
      for (const { keyStart, next } of found.slice(0, -1)) {
        cuts.push({ start: keyStart, end: next, json: NOTHING });
      }
      if (!place || depth === segments.length) {
        return { cuts, depth, container, place };
      }
      container = place;
    }
    return undefined;
  }

  /** What takes all members of the name, or the element, out of a container. */
  private cutsIn(container: Span, name: PathSegment): Edit[] {
    const found = this.namedIn(container, name);
    const close = container.end - 1;
    // Those at the end of the container go with the comma before the first of them, the others with the one after each.
    if (container.start === this.openAt) {
      this.members.taken(found);
    }
    let tail = found.length;
    while (tail > 0 && found[tail - 1]?.next === (found[tail]?.keyStart ?? close)) {
      tail--;
    }
    const cuts = found.slice(0, tail).map(({ keyStart, next }) => ({ start: keyStart, end: next, json: NOTHING }));
    const [first, last] = [found[tail], found.at(-1)];
    return first && last
      ? [...cuts, { start: this.commaBefore(container, first), end: last.end, json: NOTHING }]
      : cuts;
  }

  /** Where the comma before a place stands; where the place begins when there is none. */
  private commaBefore(container: Span, { keyStart }: Place): number {
    const isFirst = this.places.firstIn(this.bytes, container) === keyStart;
    return isFirst ? keyStart : this.bytes.lastIndexOf(COMMA, keyStart - 1);
  }

  /** Puts a member at the end of an object; `cuts` stand before it. */
  private add(container: Span, { name }: PathSegment, json: Buffer, cuts: readonly Edit[]): void {
    const close = container.end - 1;
    const comma = this.places.firstIn(this.bytes, container) === close ? '' : ',';
    const key = Buffer.from(`${comma}${JSON.stringify(name)}:`);
    const isTop = container.start === this.openAt;
    this.apply([...cuts, { start: close, end: close, json: Buffer.concat([key, json]) }]);
    if (isTop && cuts.length === 0) {
      const valueStart = close + key.length;
      this.members.added(close + comma.length, valueStart, valueStart + json.length);
    }
  }

  private isWithinOneObject(from: FieldPath, to: FieldPath): boolean {
    const depth = from.segments.length;
    const parent = this.locate(from.segments, depth - 1);
    return (
      depth === to.segments.length &&
      from.segments.slice(0, -1).every(({ name }, index) => name === to.segments[index]?.name) &&
      this.bytes[parent?.start ?? -1] === OPEN_BRACE
    );
  }

  private changeKey({ segments }: FieldPath, { name }: PathSegment): void {
    const { cuts, place } = this.wayTo(segments) as Way;
    const { keyStart, start } = place as Place;
    const keyEnd = keyEndBefore(this.bytes, start);
    this.apply([...cuts, { start: keyStart, end: keyEnd, json: Buffer.from(JSON.stringify(name)) }]);
  }
}

const NOTHING = Buffer.alloc(0);

function isContainer(bytes: Buffer, { start }: Span): boolean {
  return bytes[start] === OPEN_BRACE || bytes[start] === OPEN_BRACKET;
}

/** `json` within one object for each name from `depth` on. */
function nested(segments: readonly PathSegment[], depth: number, json: Buffer): Buffer {
  if (depth === segments.length) {
    return json;
  }
  const names = segments.slice(depth);
  const opening = names.map(({ name }) => `{${JSON.stringify(name)}:`).join('');
  return Buffer.concat([Buffer.from(opening), json, Buffer.from('}'.repeat(names.length))]);
}
