import type { Matcher, RE2JS } from 're2js';
import { fail, next, type Outcome } from '../../stream/outcome.js';
import type { ComputingTime } from '../computing-time.js';
import { fieldsOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readText, writeValue } from '../field-value.js';
import { visitMatches } from '../find-matches.js';
import type { HandlerType } from '../handler-type.js';
import { patternOption } from '../pattern-option.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { RecordFault } from '../record-fault.js';
import { compileReplacement } from '../replacement.js';

interface ReplaceOptions {
  fields: string[];
  pattern: string;
  replacement: string;
  all?: boolean;
  ignore_missing?: boolean;
}

interface Replacing {
  pattern: RE2JS;
  replacement: (match: Matcher) => string;
  isEvery: boolean;
  isOptional: boolean;
}

/** What one text may grow by: a long replacement of each character would fill the memory. */
const MAX_GROWTH_CHARACTERS = 8_000_000;

/** Replaces what a pattern matches in texts. */
export const replaceHandler: HandlerType<ReplaceOptions> = {
  type: 'replace',
  description: 'Replaces what a pattern matches in texts; a text without a match keeps its spelling',
  options: {
    fields: fieldsOption('Fields whose texts are changed', ['message']),
    pattern: patternOption('What is replaced', '(?P<user>[a-z]+)@[a-z.]+'),
    replacement: {
      ...{ type: 'string', maxLength: 1000, example: '${user}@…' },
      description: 'What comes in its place: $1 or ${name} is what a group matched, $0 the whole match, $$ a dollar',
    },
    all: {
      ...{ type: 'boolean', default: true, example: true },
      description: 'Every match; otherwise the first one of each text',
    },
    ignore_missing: ignoreMissingOption,
  },
  required: ['fields', 'pattern', 'replacement'],
  example: {
    options: { fields: ['path'], pattern: '/[0-9]+(/|$)', replacement: '/{id}$1' },
    before: '{"path":"/orders/4711/items/12","ms":1.50}',
    after: '{"path":"/orders/{id}/items/{id}","ms":1.50}',
  },
  compile: ({ fields, pattern: written, replacement, all = true, ignore_missing = true }, { patterns }) => {
    const paths = fields.map((field) => readPath('fields', field));
    const pattern = patterns.read('pattern', written);
    const replacing: Replacing = {
      pattern,
      replacement: compileReplacement('replacement', replacement, pattern),
      isEvery: all,
      isOptional: ignore_missing,
    };
    return (record) => {
      for (const path of paths) {
        const outcome = replaceIn(record, path, replacing);
        if (outcome !== next) {
          return outcome;
        }
      }
      return next;
    };
  },
};

function replaceIn(record: JsonDocument, path: FieldPath, replacing: Replacing): Outcome {
  const text = readText(record, path, replacing.isOptional);
  if (typeof text !== 'string') {
    return text;
  }
  const replaced = replaceMatches(text, record.time, replacing);
  if (replaced instanceof RecordFault) {
    return fail(new RecordFault(`${path.text} ${replaced.message}`));
  }
  return replaced === text ? next : writeValue(record, path, JSON.stringify(replaced));
}

function replaceMatches(
  text: string,
  time: ComputingTime,
  { pattern, replacement, isEvery }: Replacing,
): string | RecordFault {
  const pieces: string[] = [];
  let from = 0;
  let growth = 0;
  const fault = visitMatches(pattern, text, time, (match) => {
    const piece = replacement(match);
    pieces.push(text.slice(from, match.start()), piece);
    from = match.end();
    growth += piece.length - (match.end() - match.start());
    return isEvery && growth <= MAX_GROWTH_CHARACTERS;
  });
  if (fault) {
    return new RecordFault(fault);
  }
  if (growth > MAX_GROWTH_CHARACTERS) {
    return new RecordFault(`grows by more than ${MAX_GROWTH_CHARACTERS} characters`);
  }
  return pieces.join('') + text.slice(from);
}
