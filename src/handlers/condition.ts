import { OptionFault } from './handler-type.js';
import { readPath } from './field-option.js';
import { readPattern } from './pattern-option.js';
import type { JsonDocument } from './record/json-document.js';

type Scalar = string | number | boolean | null;

/** When a handler applies. Of one field, or of other conditions. */
export type Condition =
  | { field: string; exists: boolean }
  | { field: string; equals: Scalar }
  | { field: string; in: Scalar[] }
  | { field: string; matches: string }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

export type Test = (record: JsonDocument) => boolean;

const MAX_DEPTH = 5;

/** Throws an {@link OptionFault}; `option` is where the condition stands. */
export function compileCondition(condition: Condition, option = 'when', depth = 1): Test {
  if (depth > MAX_DEPTH) {
    throw new OptionFault(option, `is nested deeper than ${MAX_DEPTH} levels`);
  }
  if ('all' in condition) {
    const tests = condition.all.map((part, index) => compileCondition(part, `${option}.all[${index}]`, depth + 1));
    return (record) => tests.every((test) => test(record));
  }
  if ('any' in condition) {
    const tests = condition.any.map((part, index) => compileCondition(part, `${option}.any[${index}]`, depth + 1));
    return (record) => tests.some((test) => test(record));
  }
  if ('not' in condition) {
    const test = compileCondition(condition.not, `${option}.not`, depth + 1);
    return (record) => !test(record);
  }
  return compileFieldTest(condition, option);
}

function compileFieldTest(
  condition: Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>,
  option: string,
): Test {
  const path = readPath(`${option}.field`, condition.field);
  if ('exists' in condition) {
    return (record) => record.has(path) === condition.exists;
  }
  if ('matches' in condition) {
    const pattern = readPattern(`${option}.matches`, condition.matches);
    return (record) => {
      const text = record.text(path);
      return text !== undefined && pattern.test(text);
    };
  }
  const wanted = 'in' in condition ? condition.in : [condition.equals];
  const texts = new Set<unknown>(wanted.filter((value) => typeof value === 'string'));
  const others = new Set<unknown>(wanted.filter((value) => typeof value !== 'string'));
  return (record) => {
    const text = record.text(path);
    return text === undefined ? others.size > 0 && others.has(record.value(path)) : texts.has(text);
  };
}

/** The JSON schema of a condition, for the API document and the check of options. */
export const conditionSchema = {
  description: 'Apply the handler only to records of which this is true',
  example: { field: 'level', in: ['error', 'fatal'] },
  oneOf: [
    fieldTest('exists', { type: 'boolean', description: 'Whether the field is there, null included' }),
    fieldTest('equals', { type: ['string', 'number', 'boolean', 'null'], description: 'The value of the field' }),
    fieldTest('in', {
      ...{ type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] }, minItems: 1, maxItems: 1000 },
      description: 'Values that the field may have',
    }),
    fieldTest('matches', {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'RE2 pattern that the text contains',
    }),
    combination('all', { type: 'array', items: { $ref: '#/definitions/condition' }, minItems: 1, maxItems: 20 }),
    combination('any', { type: 'array', items: { $ref: '#/definitions/condition' }, minItems: 1, maxItems: 20 }),
    combination('not', { $ref: '#/definitions/condition' }),
  ],
} as const;

function fieldTest(name: string, schema: object): object {
  return {
    type: 'object',
    properties: { field: { type: 'string', minLength: 1, maxLength: 512 }, [name]: schema },
    required: ['field', name],
    additionalProperties: false,
  };
}

function combination(name: string, schema: object): object {
  return { type: 'object', properties: { [name]: schema }, required: [name], additionalProperties: false };
}
