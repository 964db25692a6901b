import { Byte } from '../../json/byte.js';

const PREFIX = Buffer.from('{"message":"');
const SUFFIX = Buffer.from('"}');

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r' };

/** How each byte that may not stand in a JSON string is written; undefined for all others. */
const SPELLINGS: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === Byte.QUOTE || byte === Byte.BACKSLASH) {
    return Buffer.from(`\\${String.fromCharCode(byte)}`);
  }
  const short = SHORT_ESCAPES[String.fromCharCode(byte)];
  const hex = byte.toString(16).padStart(4, '0');
  return byte < Byte.SPACE ? Buffer.from(short === undefined ? `\\u${hex}` : `\\${short}`) : undefined;
});

/** Bytes that the spelling takes above the byte itself. */
const GROWTH = Uint8Array.from(SPELLINGS, (spelling) => (spelling ? spelling.length - 1 : 0));

/** Bytes of `{"message": <text>}`; asked first, since the form may be six times as long as the text. */
export function messageJsonLength(text: Buffer): number {
  let length = PREFIX.length + text.length + SUFFIX.length;
  for (let i = 0; i < text.length; i++) {
    length += GROWTH[text[i]!]!;
  }
  return length;
}

/** `{"message": <text>}` as JSON bytes. The text must be UTF-8; it may be empty and may hold any character. */
export function wrapAsMessage(text: Buffer, length = messageJsonLength(text)): Buffer {
  const json = Buffer.allocUnsafe(length);
  json.set(PREFIX, 0);
  if (length === PREFIX.length + text.length + SUFFIX.length) {
    json.set(text, PREFIX.length);
  } else {
    writeEscaped(text, json, PREFIX.length);
  }
  json.set(SUFFIX, length - SUFFIX.length);
  return json;
}

function writeEscaped(text: Buffer, out: Buffer, at: number): void {
  let pos = at;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!;
    const spelling = SPELLINGS[byte];
    if (spelling === undefined) {
      out[pos++] = byte;
    } else {
      out.set(spelling, pos);
      pos += spelling.length;
    }
  }
}
