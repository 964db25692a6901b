/** One step of a path: the name of a member or, where an array stands, its index. */
export interface PathSegment {
  readonly name: string;
  /** The name as it stands in JSON when nothing of it is escaped; undefined when something of it must be. */
  readonly spelling: Buffer | undefined;
  /** Undefined when the name is no index. */
  readonly index: number | undefined;
}

/** Where a field stands: `http.status`; `labels.app\.kubernetes\.io/name` has one dot that divides; `items.0` is an element. */
export interface FieldPath {
  /** As the owner wrote it. */
  readonly text: string;
  readonly segments: readonly PathSegment[];
}

/** Nobody means more, and each is a look into the record. */
export const MAX_SEGMENTS = 32;
// eslint-disable-next-line no-control-regex -- the characters that JSON does not allow in a string
const MUST_ESCAPE = /["\\\u0000-\u001f]/;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Answers a text when the path is none. `\.` is a dot and `\\` a backslash within a name. */
export function parseFieldPath(text: string): FieldPath | string {
  const names: string[] = [];
  let name = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '\\') {
      i++;
      const escaped = text[i];
      if (escaped !== '.' && escaped !== '\\') {
        return 'a backslash stands before a dot or another backslash';
      }
      name += escaped;
    } else if (character === '.') {
      names.push(name);
      name = '';
    } else {
      name += character;
    }
  }
  names.push(name);
  if (names.includes('')) {
    return 'has an empty name: dots stand between names, and `\\.` is a dot within one';
  }
  return names.length > MAX_SEGMENTS ? `has more than ${MAX_SEGMENTS} names` : { text, segments: names.map(segmentOf) };
}

export function segmentOf(name: string): PathSegment {
  return {
    name,
    spelling: MUST_ESCAPE.test(name) ? undefined : Buffer.from(name),
    index: INDEX.test(name) ? Number(name) : undefined,
  };
}
