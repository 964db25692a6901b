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
