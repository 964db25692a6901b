import type { Outcome } from '../stream/outcome.js';
import { readPath } from './field-option.js';
import { isNull, readValue, unfitField } from './field-value.js';
import { OptionFault } from './handler-type.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';
import { scalarOf } from './record/scalar.js';
import { cannotApply } from './record-fault.js';

const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
/** Nobody means more, and each is a look into the record. */
const MAX_FIELDS = 50;
/** As long as the largest record; a field may stand in a template many times. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** A text in which fields of the record stand: `{http.method} {http.path}`; `{{` and `}}` are braces. */
export class TextTemplate {
  private readonly parts: readonly (string | FieldPath)[];

  /** Throws an {@link OptionFault} for a brace alone, and for a path that is none. */
  constructor(option: string, text: string) {
    const parts: (string | FieldPath)[] = [];
    let from = 0;
    for (const token of text.matchAll(TOKEN)) {
      parts.push(text.slice(from, token.index), partOf(option, token));
      from = token.index + token[0].length;
    }
    parts.push(text.slice(from));
    this.parts = parts.filter((part) => part !== '');
    if (this.parts.filter((part) => typeof part !== 'string').length > MAX_FIELDS) {
      throw new OptionFault(option, `names more than ${MAX_FIELDS} fields`);
    }
  }

  /** The text when no fields stand in it. */
  get constant(): string | undefined {
    const texts = this.parts.filter((part) => typeof part === 'string');
    return texts.length === this.parts.length ? texts.join('') : undefined;
  }

  /**
   * The text, with numbers as they are spelled. Else what becomes of the record: the first field that is absent, null or
   * a container decides, as for a handler that works on that field.
   */
  render(record: JsonDocument, isOptional: boolean): string | Outcome {
    let text = '';
    for (const part of this.parts) {
      const piece = typeof part === 'string' ? part : scalarText(record, part, isOptional);
      if (typeof piece !== 'string') {
        return piece;
      }
      text += piece;
      if (text.length > MAX_CHARACTERS) {
        return cannotApply(`the text becomes longer than ${MAX_CHARACTERS} characters`);
      }
    }
    return text;
  }

  /** At most so many characters of a text that there always is: absent fields and null are empty, containers as spelled. */
  describe(record: JsonDocument, maxCharacters: number): string {
    let text = '';
    for (const part of this.parts) {
      text += typeof part === 'string' ? part : spelledText(record, part);
      if (text.length > maxCharacters) {
        break;
      }
    }
    return text;
  }
}

function partOf(option: string, [token, field]: RegExpExecArray): string | FieldPath {
  if (token === '{{' || token === '}}') {
    return token.slice(1);
  }
  if (field === undefined) {
    throw new OptionFault(option, `has a ${token} alone: a field stands as {name}, and ${token}${token} is a brace`);
  }
  return readPath(option, field);
}

function scalarText(record: JsonDocument, path: FieldPath, isOptional: boolean): string | Outcome {
  const value = readValue(record, path, isOptional);
  if (!Buffer.isBuffer(value)) {
    return value;
  }
  return scalarOf(value)?.text ?? unfitField(path.text, value, 'a text, a number or a boolean');
}

function spelledText(record: JsonDocument, path: FieldPath): string {
  const value = record.read(path);
  return value && !isNull(value) ? (record.text(path) ?? value.toString('utf8')) : '';
}
