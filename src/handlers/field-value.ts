import { Byte } from '../json/byte.js';
import { type FailOutcome, next, type Outcome } from '../stream/outcome.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';
import { scalarOf } from './record/scalar.js';
import { cannotApply } from './record-fault.js';
import { clipped, quoted } from './shown-text.js';

// What all handlers make of a field that is absent, null or of another kind, and what they say of it.

/** What becomes of a record that does not have the field. Null is a value: a record that has it has the field. */
export function missingField(field: string, isOptional: boolean): Outcome {
  return isOptional ? next : cannotApply(`the record has no field ${field}`);
}

/** The field's value is none that the handler can work on; `wanted` is what it should be, as in "a text". */
export function unfitField(field: string, value: Buffer, wanted: string): FailOutcome {
  return cannotApply(`${field} is ${describeValue(value)}; it should be ${wanted}`);
}

/**
 * The value of a field that a handler works on. Else what becomes of the record: null is passed over, for there is nothing
 * in it to work on, whatever `isOptional` says.
 */
export function readValue(record: JsonDocument, path: FieldPath, isOptional: boolean): Buffer | Outcome {
  const value = record.read(path);
  if (!value) {
    return missingField(path.text, isOptional);
  }
  return isNull(value) ? next : value;
}

/** The text of a field; of null and of an absent one as in {@link readValue}. */
export function readText(record: JsonDocument, path: FieldPath, isOptional: boolean, wanted = 'a text') {
  const value = readValue(record, path, isOptional);
  if (!Buffer.isBuffer(value)) {
    return value;
  }
  return record.text(path) ?? unfitField(path.text, value, wanted);
}

/** Puts a JSON value at the path. */
export function writeValue(record: JsonDocument, path: FieldPath, json: string | Buffer): Outcome {
  if (!record.set(path, Buffer.isBuffer(json) ? json : Buffer.from(json))) {
    return noRoomFor(path.text);
  }
  return record.isTooLarge ? tooLarge(record) : next;
}

export function noRoomFor(field: string): FailOutcome {
  return cannotApply(`there is no room for ${field}: a value on the way is no object`);
}

export function tooLarge({ bytes, maxBytes }: JsonDocument): FailOutcome {
  return cannotApply(`makes the record ${bytes.length} bytes long, the limit is ${maxBytes}`);
}

/** A value as a fault names it: `the text "abc"`, `the number 12`, `an object`. Long ones are cut. */
export function describeValue(value: Buffer): string {
  if (isContainer(value)) {
    return value[0] === Byte.OPEN_BRACE ? 'an object' : 'an array';
  }
  const scalar = scalarOf(value);
  switch (scalar?.kind) {
    case 'text':
      return `the text ${quoted(scalar.text)}`;
    case 'number':
      return `the number ${clipped(scalar.text)}`;
    case 'boolean':
      return scalar.text;
    case undefined:
      return 'null';
  }
}

/** An object or an array. */
export function isContainer(value: Buffer): boolean {
  return value[0] === Byte.OPEN_BRACE || value[0] === Byte.OPEN_BRACKET;
}

export function isNull(value: Buffer): boolean {
  return value.length === 4 && value.toString('latin1') === 'null';
}
