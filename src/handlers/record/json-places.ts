import { Byte } from '../../json/byte.js';
import { skipKey, skipSpace, skipValue } from '../../json/json-tokens.js';
import { JsonWalk } from '../../json/json-walk.js';
import type { PathSegment } from './field-path.js';
import { isNamed } from './member-name.js';
import type { MemberTable } from './member-table.js';

const { COMMA, OPEN_BRACE, OPEN_BRACKET } = Byte;

/** A value, as positions in the bytes of a document. */
export interface Span {
  start: number;
  end: number;
}

/** A member or an element of a container. */
export interface Place extends Span {
  /** Opening quote of the key; of an element where the value starts. */
  keyStart: number;
  /** Where the next member or element begins; after the last one, where the container closes. */
  next: number;
}

const NONE: readonly Place[] = [];

/** Finds members and elements by name. Looks at each byte of a container once, however many have the name. */
export class JsonPlaces {
  private readonly walk = new JsonWalk();

  /** Of an object all members with the name, in order; of an array the element; of anything else none. */
  named(bytes: Buffer, container: Span, segment: PathSegment): readonly Place[] {
    switch (bytes[container.start]) {
      case OPEN_BRACE:
        return this.members(bytes, container, segment);
      case OPEN_BRACKET:
        return segment.index === undefined ? NONE : this.element(bytes, container, segment.index);
      default:
        return NONE;
    }
  }

  /** Where the first member or element begins; where the container closes when it is empty. */
  firstIn(bytes: Buffer, { start }: Span): number {
    return skipSpace(this.walk, bytes, start + 1);
  }

  /** Fills the table with the members of an object. */
  list(bytes: Buffer, object: Span, members: MemberTable): void {
    members.clear();
    this.eachMember(bytes, object, (keyStart, start, end) => members.add(keyStart, start, end));
  }

  private members(bytes: Buffer, container: Span, segment: PathSegment): readonly Place[] {
    let found: Place[] | undefined;
    this.eachMember(bytes, container, (keyStart, start, end, next) => {
      if (isNamed(bytes, keyStart, start, segment)) {
        (found ??= []).push({ keyStart, start, end, next });
      }
    });
    return found ?? NONE;
  }

  private eachMember(
    bytes: Buffer,
    { start, end }: Span,
    visit: (keyStart: number, valueStart: number, valueEnd: number, next: number) => void,
  ): void {
    const { walk } = this;
    const last = end - 1;
    for (let i = skipSpace(walk, bytes, start + 1); i < last;) {
      const valueStart = skipKey(walk, bytes, i, last);
      const valueEnd = skipValue(walk, bytes, valueStart, last);
      const next = this.afterComma(bytes, valueEnd);
      visit(i, valueStart, valueEnd, next);
      i = next;
    }
  }

  private element(bytes: Buffer, { start, end }: Span, index: number): readonly Place[] {
    const { walk } = this;
    const last = end - 1;
    let i = skipSpace(walk, bytes, start + 1);
    for (let k = 0; i < last; k++) {
      const valueEnd = skipValue(walk, bytes, i, last);
      const next = this.afterComma(bytes, valueEnd);
      if (k === index) {
        return [{ keyStart: i, start: i, end: valueEnd, next }];
      }
      i = next;
    }
    return NONE;
  }

  /** From the end of a value to where the next one, or the container's end, stands. */
  private afterComma(bytes: Buffer, end: number): number {
    const { walk } = this;
    const i = skipSpace(walk, bytes, end);
    return bytes[i] === COMMA ? skipSpace(walk, bytes, i + 1) : i;
  }
}
