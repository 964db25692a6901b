import { Byte } from '../json/byte.js';
import { decodeString } from '../json/members.js';
import { type FailOutcome, next, type Outcome } from '../stream/outcome.js';
import { cannotApply } from './record-fault.js';

/** Enough of a text to recognise it by. */
const SHOWN_CHARACTERS = 60;

/** What becomes of a record that does not have the field. */
export function missingField(field: string, isOptional: boolean): Outcome {
  return isOptional ? next : cannotApply(`the record has no field ${field}`);
}

/** The field's value is none that the handler can work on; `wanted` is what it should be, as in "a text". */
export function unfitField(field: string, value: Buffer, wanted: string): FailOutcome {
  return cannotApply(`${field} is ${shown(value)}; it should be ${wanted}`);
}

export function noRoomFor(field: string): FailOutcome {
  return cannotApply(`there is no room for ${field}: a value on the way is no object`);
}

/** A JSON value in words. */
function shown(value: Buffer): string {
  switch (value[0]) {
    case Byte.QUOTE:
      return `the text ${quoted(decodeString(value, 0, value.length))}`;
    case Byte.OPEN_BRACE:
      return 'an object';
    case Byte.OPEN_BRACKET:
      return 'an array';
    default: {
      const word = value.toString();
      return /^[-\d]/.test(word) ? `the number ${shortened(word)}` : word;
    }
  }
}

/** A text within a message: its beginning, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}

export function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : text;
}
