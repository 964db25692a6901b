import type { FailOutcome } from '../stream/outcome.js';
import { unfitField } from './field-fault.js';
import { readPath } from './field-option.js';
import { OptionFault } from './handler-type.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';
import { scalarOf } from './record/scalar.js';

/** `{{`, or a placeholder up to its brace. */
const PART = /\{\{|\{([^{}]*)\}|\{/g;

/** The text of a record; the first field that it does not have; or why it has none. */
export type Rendering = { text: string } | { missing: string } | FailOutcome;

export type Template = (record: JsonDocument) => Rendering;

/**
 * Text with the values of fields: `{http.method} of {user}`. `{{` is a brace, and a `}` that closes no placeholder is
 * itself. Numbers stand as they are spelled.
 */
export function readTemplate(option: string, text: string): Template {
  const parts = partsOf(option, text);
  return (record) => {
    let rendered = '';
    for (const part of parts) {
      if (typeof part === 'string') {
        rendered += part;
        continue;
      }
      const value = record.read(part);
      if (!value) {
        return { missing: part.text };
      }
      const scalar = scalarOf(value);
      if (!scalar) {
        return unfitField(part.text, value, 'a text, a number or a boolean');
      }
      rendered += scalar.text;
    }
    return { text: rendered };
  };
}

function partsOf(option: string, text: string): (string | FieldPath)[] {
  const parts: (string | FieldPath)[] = [];
  let copied = 0;
  for (const { 0: match, 1: path, index } of text.matchAll(PART)) {
    parts.push(text.slice(copied, index));
    copied = index + match.length;
    if (match === '{') {
      throw new OptionFault(option, `has at ${index} a brace that is not closed: \`{{\` stands for a brace`);
    }
    parts.push(path === undefined ? '{' : readPath(option, path));
  }
  return [...parts, text.slice(copied)].filter((part) => part !== '');
}
