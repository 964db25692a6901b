import { Byte } from './byte.js';
import type { JsonWalk } from './json-walk.js';

// Steps over the tokens of a JSON text (RFC 8259, strict) and checks them, without making anything of them. Each skip
// takes the position where something begins and answers the position after it, or MALFORMED. These are plain functions
// over (bytes, position) in one module, which V8 runs half again as fast as methods over fields.
//
// The text is a top-level object, and `last` the position of its closing brace. Nothing but a string or a close can step
// over a brace, so it is the sentinel of every other loop, and only those two compare with `last`. They do not look at
// the encoding: whether strings are UTF-8 is the caller's question.

const { TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, QUOTE, PLUS, COMMA, MINUS, DOT, DIGIT_0 } = Byte;
const { COLON, OPEN_BRACKET, BACKSLASH, OPEN_BRACE } = Byte;
const LETTER_E = 0x65;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** What every skip answers when the bytes are not JSON. */
const MALFORMED = -1;

/** In ASCII each closing bracket stands two after its opening one. */
const CLOSING = 2;

/** 1 for a byte that needs no look within a string. */
const PLAIN = new Uint8Array(256).fill(1, SPACE);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

const ESCAPE_ALONE = 1;
const ESCAPE_HEX = 2;
/** What may follow a backslash: characters that stand alone, and `u`, which wants four hexadecimal digits. */
const ESCAPES = new Uint8Array(256);
for (const character of '"\\/bfnrt') {
  ESCAPES[character.charCodeAt(0)] = ESCAPE_ALONE;
}
ESCAPES['u'.charCodeAt(0)] = ESCAPE_HEX;

const DIGITS = new Uint8Array(256).fill(1, DIGIT_0, DIGIT_0 + 10);
const HEX_DIGITS = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') {
  HEX_DIGITS[character.charCodeAt(0)] = 1;
}

/** Answers the next position that is not white space; never malformed. */
export function skipSpace(walk: JsonWalk, bytes: Uint8Array, from: number): number {
  return bytes[from]! <= SPACE ? skipSpaceRun(walk, bytes, from) : from;
}

/** From a key's opening quote over the colon to where its value begins. */
export function skipKey(walk: JsonWalk, bytes: Uint8Array, from: number, last: number): number {
  const end = bytes[from] === QUOTE ? skipString(bytes, from + 1, last) : MALFORMED;
  if (end === MALFORMED) {
    return MALFORMED;
  }
  const colon = skipSpace(walk, bytes, end);
  return bytes[colon] === COLON ? skipSpace(walk, bytes, colon + 1) : MALFORMED;
}

/** A value of any kind within the top-level object. */
export function skipValue(walk: JsonWalk, bytes: Uint8Array, from: number, last: number): number {
  const byte = bytes[from];
  if (byte === QUOTE) {
    return skipString(bytes, from + 1, last);
  }
  return byte === OPEN_BRACE || byte === OPEN_BRACKET
    ? skipContainer(walk, bytes, from, last)
    : skipScalar(bytes, from);
}

/** An object or array with all that is in it. A loop, not a recursion, so that no depth can end the thread. */
function skipContainer(walk: JsonWalk, bytes: Uint8Array, from: number, last: number): number {
  let kinds = walk.kinds;
  let depth = 0;
  let deepest = 0;
  let i = from;
  for (;;) {
    // A value begins at i.
    const byte = bytes[i]!;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === kinds.length) {
        kinds = walk.growKinds();
      }
      kinds[depth++] = byte;
      deepest = depth > deepest ? depth : deepest;
      i = skipSpace(walk, bytes, i + 1);
      if (bytes[i] !== byte + CLOSING) {
        i = byte === OPEN_BRACE ? skipKey(walk, bytes, i, last) : i;
        if (i === MALFORMED) {
          return MALFORMED;
        }
        continue;
      }
    } else {
      i = byte === QUOTE ? skipString(bytes, i + 1, last) : skipScalar(bytes, i);
      if (i === MALFORMED) {
        return MALFORMED;
      }
      i = skipSpace(walk, bytes, i);
    }
    // A value has ended: close what ends with it, until a comma leads to the next value.
    while (bytes[i] !== COMMA) {
      if (bytes[i] !== kinds[depth - 1]! + CLOSING) {
        return MALFORMED;
      }
      i++;
      depth--;
      if (depth === 0) {
        walk.deepest = Math.max(walk.deepest, deepest + 1);
        return i;
      }
      if (i > last) {
        return MALFORMED;
      }
      i = skipSpace(walk, bytes, i);
    }
    i = skipSpace(walk, bytes, i + 1);
    if (kinds[depth - 1] === OPEN_BRACE) {
      i = skipKey(walk, bytes, i, last);
      if (i === MALFORMED) {
        return MALFORMED;
      }
    }
  }
}

function skipSpaceRun(walk: JsonWalk, bytes: Uint8Array, from: number): number {
  let i = from;
  for (;;) {
    const byte = bytes[i];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      walk.hasLineBreaks = true;
    } else if (byte !== SPACE && byte !== TAB) {
      return i;
    }
    i++;
  }
}

/** From the byte after the opening quote to the byte after the closing one, which stands before `last`. */
function skipString(bytes: Uint8Array, from: number, last: number): number {
  let i = from;
  for (;;) {
    while (PLAIN[bytes[i]!] === 1) {
      i++;
    }
    if (i >= last) {
      return MALFORMED;
    }
    if (bytes[i] === QUOTE) {
      return i + 1;
    }
    i = bytes[i] === BACKSLASH ? skipEscape(bytes, i + 1) : MALFORMED;
    if (i === MALFORMED) {
      return MALFORMED;
    }
  }
}

/** From the byte after the backslash to the byte after the escape. */
function skipEscape(bytes: Uint8Array, from: number): number {
  const kind = ESCAPES[bytes[from]!];
  if (kind === ESCAPE_ALONE) {
    return from + 1;
  }
  const isHex =
    kind === ESCAPE_HEX &&
    HEX_DIGITS[bytes[from + 1]!] === 1 &&
    HEX_DIGITS[bytes[from + 2]!] === 1 &&
    HEX_DIGITS[bytes[from + 3]!] === 1 &&
    HEX_DIGITS[bytes[from + 4]!] === 1;
  return isHex ? from + 5 : MALFORMED;
}

/** A number, true, false or null. What follows it is the caller's matter. */
function skipScalar(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case LETTER_T:
      return skipWord(bytes, from, TRUE);
    case LETTER_F:
      return skipWord(bytes, from, FALSE);
    case LETTER_N:
      return skipWord(bytes, from, NULL);
    default:
      return skipNumber(bytes, from);
  }
}

function skipWord(bytes: Uint8Array, from: number, word: Uint8Array): number {
  for (let k = 1; k < word.length; k++) {
    if (bytes[from + k] !== word[k]) {
      return MALFORMED;
    }
  }
  return from + word.length;
}

function skipNumber(bytes: Uint8Array, from: number): number {
  let i = bytes[from] === MINUS ? from + 1 : from;
  // After a leading zero the integer part is over.
  i = bytes[i] === DIGIT_0 ? i + 1 : skipDigits(bytes, i);
  if (i !== MALFORMED && bytes[i] === DOT) {
    i = skipDigits(bytes, i + 1);
  }
  // Bit 5 makes a letter lower case.
  if (i !== MALFORMED && (bytes[i]! | 0x20) === LETTER_E) {
    i++;
    i = skipDigits(bytes, bytes[i] === PLUS || bytes[i] === MINUS ? i + 1 : i);
  }
  return i;
}

/** One digit or more. */
function skipDigits(bytes: Uint8Array, from: number): number {
  let i = from;
  while (DIGITS[bytes[i]!] === 1) {
    i++;
  }
  return i === from ? MALFORMED : i;
}
