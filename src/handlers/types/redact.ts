import { decodeString } from '../../json/members.js';
import { next, type Outcome } from '../../stream/outcome.js';
import type { ComputingTime } from '../computing-time.js';
import { fieldsOption, readPath } from '../field-option.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { MAX_PATTERN_CHARACTERS } from '../pattern-option.js';
import type { PatternReader } from '../pattern-reader.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { applyEdits, everyText, type SpanEdit } from '../record/value-spans.js';
import { cannotApply } from '../record-fault.js';
import { findByPattern, REDACT_PRESETS } from '../redact/redact-presets.js';
import { maskRanges, type RangeFinder, type TextRange } from '../redact/text-range.js';

interface RedactOptions {
  fields?: string[];
  patterns?: string[];
  presets?: string[];
  within?: string[];
  mask?: string;
}

interface Redacting {
  fields: readonly FieldPath[];
  finders: readonly RangeFinder[];
  /** Undefined: every text of the record. */
  within: readonly FieldPath[] | undefined;
  mask: string;
}

/** A long mask of each character would fill the memory. */
const MAX_MASK_CHARACTERS = 8_000_000;

/** Masks values, and parts of texts. */
export const redactHandler: HandlerType<RedactOptions> = {
  type: 'redact',
  description:
    'Masks whole values, and parts of texts. Of several members with one name all are masked; names are not, nor are parts of numbers. Keep `on_error` at reject: a record that cannot be searched goes on unmasked otherwise',
  options: {
    fields: fieldsOption('Fields whose whole value is masked; those that are not there are passed over', ['password']),
    patterns: {
      ...{ type: 'array', minItems: 1, maxItems: 20, example: ['token=[^& ]+'] },
      items: { type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARACTERS },
      description: 'What is masked in texts (RE2)',
    },
    presets: {
      ...{ type: 'array', minItems: 1, uniqueItems: true, example: ['email', 'credit_card'] },
      items: { type: 'string', enum: Object.keys(REDACT_PRESETS) },
      description:
        'What is masked in texts, by name: email, ipv4 and ipv6 addresses, numbers of payment cards whose check digit is right, the token behind the word bearer',
    },
    within: fieldsOption('Fields in whose texts patterns and presets are looked for; otherwise all texts', ['message']),
    mask: {
      type: 'string',
      maxLength: 100,
      default: '***',
      example: '[masked]',
      description: 'What stands there then',
    },
  },
  required: [],
  example: {
    options: { fields: ['password'], presets: ['email'], patterns: ['token=[^& ]+'] },
    before: '{"password":{"x":1},"message":"ann@example.com took /a?token=b1","n":1.0}',
    after: '{"password":"***","message":"*** took /a?***","n":1.0}',
  },
  compile: (options, { patterns }) => {
    const redacting = compileRedacting(options, patterns);
    return (record) => redact(record, redacting);
  },
};

function compileRedacting(
  { fields = [], patterns = [], presets = [], within, mask = '***' }: RedactOptions,
  reader: PatternReader,
): Redacting {
  const byPattern = patterns.map((text, index) => findByPattern(reader.read(`patterns[${index}]`, text)));
  const byName = presets.map((name) => REDACT_PRESETS[name] as RangeFinder);
  const finders = [...byName, ...byPattern];
  if (fields.length + finders.length === 0) {
    throw new OptionFault('fields', 'or `patterns` or `presets` must be given');
  }
  if (within && finders.length === 0) {
    throw new OptionFault('within', 'needs `patterns` or `presets` to look for');
  }
  return {
    fields: fields.map((field) => readPath('fields', field)),
    finders,
    within: within?.map((field) => readPath('within', field)),
    mask,
  };
}

function redact(record: JsonDocument, { fields, finders, within, mask }: Redacting): Outcome {
  const whole = JSON.stringify(mask);
  const edits: SpanEdit[] = fields.flatMap((path) => record.findAll(path)).map((span) => ({ ...span, json: whole }));
  if (finders.length > 0) {
    const searched = within ? within.flatMap((path) => record.findAll(path)) : [record.object];
    let count = edits.length;
    for (const span of searched.flatMap((each) => everyText(record.bytes, each))) {
      const text = decodeString(record.bytes, span.start, span.end);
      const ranges = rangesIn(text, finders, record.time);
      if (typeof ranges === 'string') {
        return cannotApply(`a text ${ranges}`);
      }
      count += ranges.length;
      if (count * mask.length > MAX_MASK_CHARACTERS) {
        return cannotApply(`the masks would have more than ${MAX_MASK_CHARACTERS} characters`);
      }
      if (ranges.length > 0) {
        edits.push({ ...span, json: JSON.stringify(maskRanges(text, ranges, mask)) });
      }
    }
  }
  applyEdits(record, edits);
  return next;
}

/** What is to be masked of a text; or why that cannot be said. */
function rangesIn(text: string, finders: readonly RangeFinder[], time: ComputingTime): TextRange[] | string {
  const ranges: TextRange[] = [];
  for (const find of finders) {
    const found = find(text, time);
    if (typeof found === 'string') {
      return found;
    }
    for (const range of found) {
      ranges.push(range);
    }
  }
  return ranges;
}
