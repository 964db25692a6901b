import type { IndexBase } from '../../domain/index-base.js';

export type BaseAnswer =
  | { kind: 'base'; base: IndexBase }
  | { kind: 'unknown' }
  /** Not an answer to what was asked; `reason` is the rest of a sentence. */
  | { kind: 'nonsense'; reason: string };

type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT_CHARACTERS = 255;

/**
 * What the index-base service says of a base: one object, a list of them, or a list in `entries`. A list without the base
 * says that there is none; an object must be of the base that was asked for.
 */
export function parseBaseAnswer(body: Buffer, baseType: string): BaseAnswer {
  const answer = parsed(body);
  const list = listIn(answer);
  if (list) {
    const found = list.find((entry) => fieldsOf(entry)?.['base_type'] === baseType);
    if (found !== undefined) {
      return baseOf(found, baseType);
    }
    const isList = list.every((entry) => textOf(fieldsOf(entry)?.['base_type']) !== undefined);
    return isList ? { kind: 'unknown' } : { kind: 'nonsense', reason: 'an entry of the list has no base_type' };
  }
  return baseOf(answer, baseType);
}

function baseOf(answer: unknown, baseType: string): BaseAnswer {
  const fields = fieldsOf(answer);
  if (!fields) {
    return { kind: 'nonsense', reason: 'the body is not JSON with an object or a list of objects' };
  }
  const [type, dataType, category] = ['base_type', 'data_type', 'category'].map((name) => textOf(fields[name]));
  if (type !== baseType) {
    return { kind: 'nonsense', reason: `base_type is ${told(fields['base_type'])} and not ${baseType}` };
  }
  if (dataType === undefined || category === undefined) {
    const field = dataType === undefined ? 'data_type' : 'category';
    return { kind: 'nonsense', reason: `${field} is ${told(fields[field])} and not a text` };
  }
  return { kind: 'base', base: { baseType, name: textOf(fields['name']) ?? baseType, dataType, category } };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function listIn(answer: unknown): unknown[] | undefined {
  const list = Array.isArray(answer) ? answer : fieldsOf(answer)?.['entries'];
  return Array.isArray(list) ? list : undefined;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Texts go into every document of the base: an empty or an endless one is a mistake. */
function textOf(value: unknown): string | undefined {
  const isText = typeof value === 'string' && value.trim() !== '' && value.isWellFormed();
  return isText && value.length <= MAX_TEXT_CHARACTERS ? value : undefined;
}

function told(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
}
