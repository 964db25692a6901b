import { Byte } from '../json/byte.js';
import { type FailOutcome, next, type Outcome } from '../stream/outcome.js';
import { cannotApply } from './record-fault.js';
import { scalarOf } from './record/scalar.js';

/** Enough of a text to recognise it by. */
const SHOWN_CHARACTERS = 60;
const CONTAINERS: ReadonlyMap<number | undefined, string> = new Map([
  [Byte.OPEN_BRACE, 'an object'],
  [Byte.OPEN_BRACKET, 'an array'],
]);

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
  const scalar = scalarOf(value);
  switch (scalar?.kind) {
    case 'text':
      return `the text ${quoted(scalar.text)}`;
    case 'number':
      return `the number ${shortened(scalar.text)}`;
    case 'boolean':
      return scalar.text;
    case undefined:
      return CONTAINERS.get(value[0]) ?? 'null';
  }
}

/** A text within a message: its beginning, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}

export function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : text;
}
