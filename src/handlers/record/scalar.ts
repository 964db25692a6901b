import { Byte } from '../../json/byte.js';
import { decodeString } from '../../json/members.js';

/** A JSON value that is one piece: a text decoded, the others as they are spelled. */
export interface Scalar {
  kind: 'text' | 'number' | 'boolean';
  text: string;
}

/** Undefined of null, an object and an array. */
export function scalarOf(value: Buffer): Scalar | undefined {
  switch (value[0]) {
    case Byte.QUOTE:
      return { kind: 'text', text: decodeString(value, 0, value.length) };
    case Byte.OPEN_BRACE:
    case Byte.OPEN_BRACKET:
      return undefined;
    default: {
      const text = value.toString();
      if (text === 'null') {
        return undefined;
      }
      return { kind: text === 'true' || text === 'false' ? 'boolean' : 'number', text };
    }
  }
}
