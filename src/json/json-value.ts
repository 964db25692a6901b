import { skipKey, skipSpace, skipValue } from './json-tokens.js';
import { JsonWalk } from './json-walk.js';

/** A JSON value of any kind, without white space around it. */
export interface JsonValue {
  bytes: Buffer;
  /** Containers within each other: 0 of a text or a number, 1 of `[]`. */
  depth: number;
}

const OPENING = '{"":';

/** The value that a text spells in strict JSON (RFC 8259); undefined when it is none. */
export function parseValue(text: string): JsonValue | undefined {
  // The tokens are stepped over within an object, whose closing brace is the sentinel.
  const bytes = Buffer.from(`${OPENING}${text}}`);
  const walk = new JsonWalk();
  const last = bytes.length - 1;
  const start = skipKey(walk, bytes, 1, last);
  const end = skipValue(walk, bytes, start, last);
  if (end === -1 || skipSpace(walk, bytes, end) !== last) {
    return undefined;
  }
  // What stands alone of a surrogate pair is lost in UTF-8. In checked JSON it stands in a string, where an escape may.
  const value = text.isWellFormed() ? bytes.subarray(start, end) : Buffer.from(withEscapedHalves(text.trim()));
  return { bytes: value, depth: walk.deepest - 1 };
}

/** How deep containers stand within each other in a checked value. */
export function depthOf(value: Buffer): number {
  const walk = new JsonWalk();
  skipValue(walk, value, 0, value.length);
  return walk.deepest - 1;
}

function withEscapedHalves(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
