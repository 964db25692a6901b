import { Byte } from '../json/byte.js';
import { next, type Outcome } from '../stream/outcome.js';
import type { OptionSchema } from './handler-type.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';
import { cannotApply } from './record-fault.js';

const MAX_SHOWN_CHARACTERS = 60;
/** Enough bytes for the characters shown, whatever their planes. */
const MAX_SHOWN_BYTES = 4 * MAX_SHOWN_CHARACTERS;

/** Schema of the option that says what becomes of a record without the field. */
export const ignoreMissingOption: OptionSchema = {
  ...{ type: 'boolean', default: true, example: true },
  description: 'Pass over records that do not have the field, or null in it; otherwise these are an error',
};

/** A value as a fault names it: `the text "abc"`, `the number 12`, `an object`. Long ones are cut. */
export function describeValue(spelled: Buffer): string {
  const start = clipped(spelled.toString('utf8', 0, MAX_SHOWN_BYTES));
  switch (start[0]) {
    case '{':
      return 'an object';
    case '[':
      return 'an array';
    case '"':
      return `the text ${start}`;
    case 't':
    case 'f':
    case 'n':
      return start;
    default:
      return `the number ${start}`;
  }
}

/** The first characters of a text, and a sign that there are more. */
export function clipped(text: string, maxCharacters = MAX_SHOWN_CHARACTERS): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters).toWellFormed()}…` : text;
}

/** An object or an array. */
export function isContainer(spelled: Buffer): boolean {
  return spelled[0] === Byte.OPEN_BRACE || spelled[0] === Byte.OPEN_BRACKET;
}

export function isNull(spelled: Buffer): boolean {
  return spelled.length === 4 && spelled.toString('latin1') === 'null';
}

/** What becomes of a record that does not have a value there. */
export function missing({ text }: FieldPath, isOptional: boolean): Outcome {
  return isOptional ? next : cannotApply(`the record has no value in ${text}`);
}

/** The text of a field; for a record that has none there, what becomes of it. */
export function readText(record: JsonDocument, path: FieldPath, isOptional: boolean): string | Outcome {
  const spelled = record.read(path);
  if (!spelled || isNull(spelled)) {
    return missing(path, isOptional);
  }
  return record.text(path) ?? cannotApply(`${path.text} is ${describeValue(spelled)}; it should be a text`);
}

/** The text of a string, the spelling of a number, true or false; undefined for anything else. */
export function scalarText(record: JsonDocument, path: FieldPath): string | undefined {
  const spelled = record.read(path);
  if (!spelled || isNull(spelled) || isContainer(spelled)) {
    return undefined;
  }
  return record.text(path) ?? spelled.toString('latin1');
}

/** Puts a JSON value at the path. */
export function writeValue(record: JsonDocument, path: FieldPath, json: string): Outcome {
  return record.set(path, Buffer.from(json))
    ? next
    : cannotApply(`there is no room for ${path.text}: a value on the way is no object`);
}
