import { encodeString } from '../../json/members.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { parsedFieldsOptions, type ParsedFieldsOptions, parsedFieldsStep, type ReadFields } from '../parsed-fields.js';
import { cannotApply } from '../record-fault.js';
import { quoted } from '../shown-text.js';

interface KvOptions extends ParsedFieldsOptions {
  field_split?: string;
  value_split?: string;
  trim?: string;
  include_keys?: string[];
  exclude_keys?: string[];
  prefix?: string;
  unpaired?: 'error' | 'skip';
}

const MAX_PAIRS = 1000;
const WANTED = 'a text of keys and values';

const separator = { type: 'string', minLength: 1, maxLength: 100 } as const;
const keys = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 512 },
  ...{ minItems: 1, maxItems: 1000, uniqueItems: true },
} as const;

/** Reads `a=1 b=2` into fields. */
export const kvHandler: HandlerType<KvOptions> = {
  type: 'kv',
  description: `Reads a text of at most ${MAX_PAIRS} keys and values, such as \`user=ann code=7\`; values become texts`,
  options: {
    ...parsedFieldsOptions(WANTED, 'request'),
    field_split: { ...separator, default: ' ', example: '&', description: 'What stands between one pair and the next' },
    value_split: { ...separator, default: '=', example: ':', description: 'What stands between a key and its value' },
    trim: {
      ...{ type: 'string', minLength: 1, maxLength: 100, example: '"<>' },
      description: 'Characters that are taken off both ends of keys and values',
    },
    include_keys: {
      ...keys,
      example: ['user'],
      description: 'Keys to take, as they stand in the text; without it all',
    },
    exclude_keys: { ...keys, example: ['password'], description: 'Keys to pass over, as they stand in the text' },
    prefix: {
      ...{ type: 'string', minLength: 1, maxLength: 100, example: 'kv_' },
      description: 'Stands before the name of each field; a dot in it, or in a key, is part of the name',
    },
    unpaired: {
      ...{ type: 'string', enum: ['error', 'skip'], default: 'error', example: 'skip' },
      description: 'What becomes of a part of the text that has no key or no `value_split`',
    },
  },
  required: ['field'],
  example: {
    options: { field: 'message', trim: '"', target: 'kv' },
    before: '{"message":"user=\\"ann\\" code=7 code=8"}',
    after: '{"message":"user=\\"ann\\" code=7 code=8","kv":{"user":"ann","code":["7","8"]}}',
  },
  compile: (options) => {
    if (options.field_split !== undefined && options.field_split === (options.value_split ?? '=')) {
      throw new OptionFault('field_split', 'must not be the same as value_split');
    }
    return parsedFieldsStep(options, WANTED, pairReader(options));
  },
};

function pairReader(options: KvOptions): ReadFields {
  const { field, field_split: between = ' ', value_split: within = '=', prefix = '', unpaired = 'error' } = options;
  const trim = trimmer(options.trim ?? '');
  const isTaken = keyFilter(options);
  return (text) => {
    const values = new Map<string, string[]>();
    let count = 0;
    for (const part of partsOf(text, between)) {
      const split = part.indexOf(within);
      const key = split < 0 ? '' : trim(part.slice(0, split));
      if (key === '') {
        if (unpaired === 'error') {
          return cannotApply(
            `${field} has the part ${quoted(part)}; each should be a key, ${quoted(within)} and a value`,
          );
        }
        continue;
      }
      if (++count > MAX_PAIRS) {
        return cannotApply(`${field} has more than ${MAX_PAIRS} pairs, which is the limit`);
      }
      if (isTaken(key)) {
        const name = prefix + key;
        values.set(name, [...(values.get(name) ?? []), trim(part.slice(split + within.length))]);
      }
    }
    return new Map([...values].map(([name, list]) => [name, spelled(list)]));
  };
}

/** Of a key that is there several times every value stays. */
function spelled(values: readonly string[]): Buffer {
  const [first = '', ...others] = values;
  return others.length === 0 ? encodeString(first) : Buffer.from(JSON.stringify(values));
}

/** The parts that are not empty, one by one: a limit on them holds before there is a list of them. */
function* partsOf(text: string, separator: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const found = text.indexOf(separator, from);
    const to = found < 0 ? text.length : found;
    if (to > from) {
      yield text.slice(from, to);
    }
    from = to + separator.length;
  }
}

function keyFilter({ include_keys: included, exclude_keys: excluded = [] }: KvOptions): (key: string) => boolean {
  const [wanted, unwanted] = [included && new Set(included), new Set(excluded)];
  return (key) => !unwanted.has(key) && (wanted?.has(key) ?? true);
}

function trimmer(characters: string): (text: string) => string {
  const trimmed = new Set(characters);
  return (text) => {
    const kept = [...text];
    let [from, to] = [0, kept.length];
    while (from < to && trimmed.has(kept[from] as string)) {
      from++;
    }
    while (to > from && trimmed.has(kept[to - 1] as string)) {
      to--;
    }
    return kept.slice(from, to).join('');
  };
}
