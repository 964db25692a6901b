import type { PathSegment } from './field-path.js';
import type { JsonPlaces, Place, Span } from './json-places.js';
import { isNamed } from './member-name.js';
import { MemberTable } from './member-table.js';

/**
 * The members of the record itself, which nearly every handler looks for: listed when somebody asks first, and kept while one
 * edit follows another, so that a record is walked through once and not once for each handler.
 */
export class TopMembers {
  private readonly table = new MemberTable();
  private isListed = false;

  constructor(private readonly places: JsonPlaces) {}

  /** The list no longer says where members stand. */
  forget(): void {
    this.isListed = false;
  }

  /** All members with the name, in order. */
  named(bytes: Buffer, object: Span, segment: PathSegment): Place[] {
    const { keyStarts, valueStarts, count } = this.listed(bytes, object);
    const found: Place[] = [];
    for (let i = 0; i < count; i++) {
      if (isNamed(bytes, keyStarts[i]!, valueStarts[i]!, segment)) {
        found.push(this.place(object, i));
      }
    }
    return found;
  }

  /** The last one, which counts. */
  last(bytes: Buffer, object: Span, segment: PathSegment): Place | undefined {
    const { keyStarts, valueStarts, count } = this.listed(bytes, object);
    for (let i = count - 1; i >= 0; i--) {
      if (isNamed(bytes, keyStarts[i]!, valueStarts[i]!, segment)) {
        return this.place(object, i);
      }
    }
    return undefined;
  }

  /** Says before an edit what it takes out; of several members the list is made anew. */
  taken(places: readonly Place[]): void {
    const [first, ...others] = places;
    if (others.length > 0) {
      this.forget();
    } else if (first && this.isListed) {
      this.table.remove(first.keyStart);
    }
  }

  /** Says after an edit what it has put at the end. */
  added(keyStart: number, valueStart: number, valueEnd: number): void {
    if (this.isListed) {
      this.table.add(keyStart, valueStart, valueEnd);
    }
  }

  /** The bytes from `start` to `end`, within the object, were replaced by `delta` more. */
  edited({ start, end }: Span, delta: number): void {
    if (this.isListed) {
      this.table.spliced(start, end, delta);
    }
  }

  private listed(bytes: Buffer, object: Span): MemberTable {
    if (!this.isListed) {
      this.places.list(bytes, object, this.table);
      this.isListed = true;
    }
    return this.table;
  }

  private place({ end }: Span, index: number): Place {
    const { keyStarts, valueStarts, valueEnds, count } = this.table;
    return {
      ...{ keyStart: keyStarts[index]!, start: valueStarts[index]!, end: valueEnds[index]! },
      next: index + 1 < count ? keyStarts[index + 1]! : end - 1,
    };
  }
}
