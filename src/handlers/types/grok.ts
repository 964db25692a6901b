import type { Matcher } from 're2js';
import type { Outcome } from '../../stream/outcome.js';
import { type ComputingTime, TIME_IS_OVER } from '../computing-time.js';
import { checkPlaces, type ExtractedField, placeBelow, targetOption, writeFields } from '../extracted-fields.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readText } from '../field-value.js';
import { tooLongFor } from '../find-matches.js';
import { type Capture, compileGrok, type GrokPattern } from '../grok/grok-pattern.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { decimalSpelling, integerSpelling } from '../number-spelling.js';
import { MAX_PATTERN_CHARACTERS } from '../pattern-option.js';
import type { FieldPath } from '../record/field-path.js';
import { cannotApply } from '../record-fault.js';
import { clipped } from '../shown-text.js';

interface GrokOptions {
  field: string;
  patterns: string[];
  pattern_definitions?: Record<string, string>;
  target?: string;
  ignore_missing?: boolean;
}

interface PlacedCapture extends Capture {
  path: FieldPath;
}

interface PlacedPattern extends GrokPattern {
  captures: readonly PlacedCapture[];
}

const DEFINITION = { type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARACTERS };

/** Takes fields out of a text by regular expressions that are put together from named ones. */
export const grokHandler: HandlerType<GrokOptions> = {
  type: 'grok',
  description: 'Takes fields out of a text by grok patterns. They run on RE2: no look-around, no back-references',
  options: {
    field: fieldOption('The field whose text is taken apart', 'message'),
    patterns: {
      ...{ type: 'array', minItems: 1, maxItems: 20, items: DEFINITION },
      description:
        'Tried in order, the first that matches a part of the text counts; ^ and $ are its ends. %{NAME:field}, %{NAME:field:int} or %{NAME:field:float} becomes a field, %{NAME} none. A field that several parts give has the first',
      example: ['^%{IPORHOST:client.ip} %{WORD:http.method} %{NUMBER:took_ms:float}$', '%{GREEDYDATA:text}'],
    },
    pattern_definitions: {
      ...{ type: 'object', maxProperties: 100, additionalProperties: DEFINITION },
      description:
        'Named patterns of your own, before those that there are; names consist of letters, digits and underscores',
      example: { ORDER: '[A-Z]{2}-[0-9]+' },
    },
    target: targetOption,
    ignore_missing: ignoreMissingOption,
  },
  required: ['field', 'patterns'],
  example: {
    options: { field: 'message', patterns: ['^%{IP:client.ip} %{WORD:method} %{NUMBER:ms:float}$'] },
    before: '{"message":"10.0.0.7 GET 1.50","n":1.0}',
    after: '{"message":"10.0.0.7 GET 1.50","n":1.0,"client":{"ip":"10.0.0.7"},"method":"GET","ms":1.50}',
  },
  compile: ({ field, patterns, pattern_definitions, target, ignore_missing = true }, { patterns: reader }) => {
    const path = readPath('field', field);
    const prefix = target === undefined ? undefined : readPath('target', target);
    checkNames(pattern_definitions);
    const compiled = patterns.map((text, index) =>
      placed(compileGrok(reader, `patterns[${index}]`, text, pattern_definitions), `patterns[${index}]`, prefix),
    );
    return (record) => {
      const text = readText(record, path, ignore_missing);
      if (typeof text !== 'string') {
        return text;
      }
      const fields = firstMatch(text, compiled, field, record.time);
      return 'kind' in fields ? fields : writeFields(record, fields);
    };
  },
};

function placed(grok: GrokPattern, option: string, target: FieldPath | undefined): PlacedPattern {
  const captures = grok.captures.map((capture) => ({ ...capture, path: placeBelow(target, option, capture.field) }));
  checkPlaces(
    option,
    captures.map(({ path }) => path),
  );
  return { ...grok, captures };
}

function checkNames(definitions: Readonly<Record<string, string>> = {}): void {
  const wrong = Object.keys(definitions).find((name) => !/^\w+$/.test(name));
  if (wrong !== undefined) {
    throw new OptionFault(
      'pattern_definitions',
      `has the name "${clipped(wrong)}", which no %{NAME} can say: use letters, digits and underscores`,
    );
  }
}

function firstMatch(
  text: string,
  compiled: readonly PlacedPattern[],
  field: string,
  time: ComputingTime,
): ExtractedField[] | Outcome {
  for (const { pattern, captures } of compiled) {
    const fault = time.isOver() ? TIME_IS_OVER : tooLongFor(pattern, text);
    if (fault) {
      return cannotApply(`${field} ${fault}`);
    }
    const match = pattern.matcher(text);
    if (match.find()) {
      return fieldsOf(match, captures);
    }
  }
  const shown = JSON.stringify(clipped(text));
  return cannotApply(
    `${field} is ${shown}, which ${compiled.length === 1 ? 'does not match the pattern' : 'matches none of the patterns'}`,
  );
}

function fieldsOf(match: Matcher, captures: readonly PlacedCapture[]): ExtractedField[] | Outcome {
  const fields = new Map<string, ExtractedField>();
  for (const { group, path, kind } of captures) {
    const text = match.group(group);
    if (text === null || fields.has(path.text) || (text === '' && kind !== 'text')) {
      continue;
    }
    const json = spelling(text, kind);
    if (json === undefined) {
      return cannotApply(`${path.text} would be ${JSON.stringify(clipped(text))}, which is no ${kind}`);
    }
    fields.set(path.text, { path, json });
  }
  return [...fields.values()];
}

function spelling(text: string, kind: Capture['kind']): string | undefined {
  switch (kind) {
    case 'text':
      return JSON.stringify(text);
    case 'int':
      return integerSpelling(text);
    case 'float':
      return decimalSpelling(text);
  }
}
