import { OptionFault, type OptionSchema } from './handler-type.js';
import { type FieldPath, parseFieldPath } from './record/field-path.js';

export const MAX_PATH_CHARACTERS = 512;

/** Schema of an option that names a field. */
export function fieldOption(description: string, example: string): OptionSchema {
  return { description, example, type: 'string', minLength: 1, maxLength: MAX_PATH_CHARACTERS };
}

/** Schema of an option that names several fields. */
export function fieldsOption(description: string, example: readonly string[]): OptionSchema {
  const items = { type: 'string', minLength: 1, maxLength: MAX_PATH_CHARACTERS };
  return { description, example, type: 'array', items, minItems: 1, maxItems: 100, uniqueItems: true };
}

/** Schema of the option that says what becomes of a record without the field. */
export const ignoreMissingOption: OptionSchema = {
  ...{ type: 'boolean', default: true, example: true },
  description: 'Pass over records that do not have the field; otherwise these are an error. Null is always passed over',
};

/** The path that an option holds. */
export function readPath(option: string, text: string): FieldPath {
  const path = parseFieldPath(text);
  if (typeof path === 'string') {
    throw new OptionFault(option, path);
  }
  return path;
}
