import type { RE2JS } from 're2js';
import type { FailOutcome } from '../stream/outcome.js';
import { TIME_IS_OVER } from './computing-time.js';
import { readPath } from './field-option.js';
import { tooLongFor } from './find-matches.js';
import { OptionFault } from './handler-type.js';
import type { PatternReader } from './pattern-reader.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';
import { cannotApply } from './record-fault.js';

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

/** Fails for a record of which it cannot be told, such as one whose text is too long for a pattern. */
export type Test = (record: JsonDocument) => boolean | FailOutcome;

export const MAX_CONDITION_DEPTH = 5;

/** Throws an {@link OptionFault}; `option` is where the condition stands. */
export function compileCondition(condition: Condition, patterns: PatternReader, option = 'when', depth = 1): Test {
  if (depth > MAX_CONDITION_DEPTH) {
    throw new OptionFault(option, `is nested deeper than ${MAX_CONDITION_DEPTH} levels`);
  }
  const compilePart = (part: Condition, name: string) =>
    compileCondition(part, patterns, `${option}.${name}`, depth + 1);
  if ('all' in condition) {
    const tests = condition.all.map((part, index) => compilePart(part, `all[${index}]`));
    return (record) => firstOther(tests, record, true);
  }
  if ('any' in condition) {
    const tests = condition.any.map((part, index) => compilePart(part, `any[${index}]`));
    return (record) => firstOther(tests, record, false);
  }
  if ('not' in condition) {
    const test = compilePart(condition.not, 'not');
    return (record) => {
      const result = test(record);
      return typeof result === 'boolean' ? !result : result;
    };
  }
  return compileFieldTest(condition, patterns, option);
}

/** What the first test answers that answers something else; else this. */
function firstOther(tests: readonly Test[], record: JsonDocument, usual: boolean): boolean | FailOutcome {
  for (const test of tests) {
    const result = test(record);
    if (result !== usual) {
      return result;
    }
  }
  return usual;
}

function compileFieldTest(
  condition: Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>,
  patterns: PatternReader,
  option: string,
): Test {
  const path = readPath(`${option}.field`, condition.field);
  if ('exists' in condition) {
    return (record) => record.has(path) === condition.exists;
  }
  if ('matches' in condition) {
    const pattern = patterns.read(`${option}.matches`, condition.matches);
    return (record) => matches(record, path, pattern);
  }
  const wanted = 'in' in condition ? condition.in : [condition.equals];
  const texts = new Set<unknown>(wanted.filter((value) => typeof value === 'string'));
  const others = new Set<unknown>(wanted.filter((value) => typeof value !== 'string'));
  return (record) => {
    const text = record.text(path);
    return text === undefined ? others.size > 0 && others.has(record.value(path)) : texts.has(text);
  };
}

function matches(record: JsonDocument, path: FieldPath, pattern: RE2JS): boolean | FailOutcome {
  const text = record.text(path);
  if (text === undefined) {
    return false;
  }
  const fault = record.time.isOver() ? TIME_IS_OVER : tooLongFor(pattern, text);
  return fault === undefined ? pattern.test(text) : cannotApply(`${path.text} ${fault}`);
}
