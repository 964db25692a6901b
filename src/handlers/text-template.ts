import { OptionFault } from './handler-type.js';
import { readPath } from './field-option.js';
import { isNull } from './field-value.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';

/** A text in which fields of the record stand: `{http.method} {http.path}`; `{{` and `}}` are braces. */
export type TemplatePart = string | FieldPath;

const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
/** Nobody means more, and each is a look into the record. */
const MAX_FIELDS = 50;

/** Absent fields and null are empty; what is no text stands as it is spelled. */
export function compileTemplate(option: string, text: string): (record: JsonDocument) => string {
  const parts = parseTemplate(option, text);
  return (record) => parts.map((part) => (typeof part === 'string' ? part : fieldText(record, part))).join('');
}

/** The texts and fields of a template, in order. */
export function parseTemplate(option: string, text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const token of text.matchAll(TOKEN)) {
    parts.push(text.slice(from, token.index), partOf(option, token));
    from = token.index + token[0].length;
  }
  parts.push(text.slice(from));
  if (parts.filter((part) => typeof part !== 'string').length > MAX_FIELDS) {
    throw new OptionFault(option, `names more than ${MAX_FIELDS} fields`);
  }
  return parts.filter((part) => part !== '');
}

function partOf(option: string, [token, field]: RegExpExecArray): TemplatePart {
  if (token === '{{' || token === '}}') {
    return token.slice(1);
  }
  if (field === undefined) {
    throw new OptionFault(option, `has a ${token} alone: a field stands as {name}, and ${token}${token} is a brace`);
  }
  return readPath(option, field);
}

function fieldText(record: JsonDocument, path: FieldPath): string {
  const spelled = record.read(path);
  return spelled && !isNull(spelled) ? (record.text(path) ?? spelled.toString('utf8')) : '';
}
