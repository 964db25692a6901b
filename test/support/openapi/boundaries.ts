import type { ApiDocument, Schema } from './document.js';

/** One value at a limit, or one step beyond it. */
export interface Boundary {
  /** As error_details names it: `deployment_config.cpu_limit`. */
  field: string;
  /** Completes "<field> ...". */
  what: string;
  value: unknown;
  isAllowed: boolean;
  /** What a refusal has to mention as its limit; undefined where the limit has no number. */
  limit?: string;
}

/** Texts of so many characters, in scripts that bytes and UTF-16 units count differently. */
const SCRIPTS: Readonly<Record<string, string>> = {
  ASCII: 'a',
  CJK: '管',
  'emoji beyond the BMP': '😀',
  'combining marks': 'e\u0301',
};

export function textOf(characters: number, unit: string): string {
  const units = Array.from(unit);
  return Array.from({ length: characters }, (_, at) => units[at % units.length]).join('');
}

/**
 * The limits of an object's fields, as its schema gives them, from both sides. Passed over: what stands within the elements
 * of a list, whose number alone is tried; an element that may be one of several things is the example of the first.
 */
export function boundariesOf(document: ApiDocument, schema: Schema, prefix = ''): Boundary[] {
  return Object.entries(document.schema(schema).properties ?? {}).flatMap(([name, property]) => {
    const resolved = document.schema(property);
    const field = prefix + name;
    return resolved.properties
      ? [...kindsOf(field, resolved), ...boundariesOf(document, resolved, `${field}.`)]
      : [...kindsOf(field, resolved), ...limitsOf(document, field, resolved)];
  });
}

/** Values of another type. */
function kindsOf(field: string, { type = 'object' }: Schema): Boundary[] {
  const others: Record<string, unknown> = { text: '7', number: 7.5, flag: true, list: [[]], object: { x: 1 } };
  const own = { string: 'text', boolean: 'flag', array: 'list', object: 'object' }[type as string] ?? 'none';
  return Object.entries(others)
    .filter(([kind]) => kind !== own)
    .map(([kind, value]) => ({ field, what: `as a ${kind}`, value, isAllowed: false }));
}

function limitsOf(document: ApiDocument, field: string, schema: Schema): Boundary[] {
  switch (schema.type) {
    case 'integer':
      return numbers(field, schema);
    case 'boolean':
      return [true, false].map((value) => ({ field, what: `as ${value}`, value, isAllowed: true }));
    case 'array':
      return lists(document, field, schema);
    case 'string':
      return schema.enum ? words(field, schema.enum) : texts(field, schema);
    case undefined:
    case 'number':
    case 'object':
      return [];
  }
}

function numbers(field: string, { minimum, maximum }: Schema): Boundary[] {
  const at = (value: number | undefined, isAllowed: boolean, limit: number | undefined): Boundary[] =>
    value === undefined ? [] : [{ field, what: `as ${value}`, value, isAllowed, limit: String(limit) }];
  return [
    ...at(minimum, true, minimum),
    ...at(minimum === undefined ? undefined : minimum - 1, false, minimum),
    ...at(maximum, true, maximum),
    ...at(maximum === undefined ? undefined : maximum + 1, false, maximum),
  ];
}

function words(field: string, allowed: readonly unknown[]): Boundary[] {
  return [
    ...allowed.map((value) => ({ field, what: `as ${String(value)}`, value, isAllowed: true })),
    { field, what: 'as another word', value: 'another', isAllowed: false, limit: String(allowed[0]) },
  ];
}

function texts(field: string, { minLength, maxLength, pattern }: Schema): Boundary[] {
  const fitting = Object.entries(SCRIPTS).filter(([, unit]) => pattern === undefined || new RegExp(pattern).test(unit));
  const empty = { field, what: 'empty', value: '', isAllowed: false };
  const long = fitting.flatMap(([script, unit]): Boundary[] =>
    maxLength === undefined
      ? []
      : [
          { field, what: `of ${maxLength} characters, ${script}`, value: textOf(maxLength, unit), isAllowed: true },
          {
            ...{ field, what: `of ${maxLength + 1} characters, ${script}`, value: textOf(maxLength + 1, unit) },
            ...{ isAllowed: false, limit: String(maxLength) },
          },
        ],
  );
  return [...long, ...(minLength ? [empty] : [])];
}

function lists(document: ApiDocument, field: string, { items = {}, maxItems, minItems }: Schema): Boundary[] {
  const [first] = items.oneOf ?? [];
  const shown = first && document.schema(first).example;
  const many = (count: number) => Array.from({ length: count }, (_, at) => items.enum?.[at] ?? shown ?? `item ${at}`);
  const counts = [
    ...(maxItems === undefined ? [] : [maxItems, maxItems + 1]),
    ...(minItems === undefined ? [] : [minItems, minItems - 1]),
  ];
  const ofItems = texts(field, items).map((boundary) => ({ ...boundary, value: [boundary.value] }));
  return [
    ...counts.map((count) => ({
      ...{ field, what: `of ${count} items`, value: many(count) },
      isAllowed: count >= (minItems ?? 0) && count <= (maxItems ?? Infinity),
    })),
    ...(items.enum || first ? [] : ofItems),
  ];
}
