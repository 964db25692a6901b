import { type FailOutcome, next } from '../../stream/outcome.js';
import { integerText, isIntegerSpelling, isSameDecimal, parseDecimal } from '../decimal.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readValue, unfitField, writeValue } from '../field-value.js';
import type { HandlerType } from '../handler-type.js';
import { type Scalar, scalarOf } from '../record/scalar.js';

type Target = 'string' | 'integer' | 'float' | 'boolean';

interface ConvertOptions {
  field: string;
  to: Target;
  ignore_missing?: boolean;
}

/** The value as JSON in its type; or what it should be instead, as in "it should be ...". */
type Conversion = { json: string } | { wanted: string };

/** A double's largest has 309. Without a limit `1e999999999` would become as many digits. */
const MAX_INTEGER_DIGITS = 400;

const CONVERSIONS: Readonly<Record<Target, (scalar: Scalar) => Conversion>> = {
  string: ({ text }) => ({ json: JSON.stringify(text) }),
  integer: toInteger,
  float: toFloat,
  boolean: toBoolean,
};

const WANTED: Readonly<Record<Target, string>> = {
  string: 'a text, a number or a boolean',
  integer: 'an integer, or a text that spells one as JSON does',
  float: 'a number, or a text that spells one as JSON does',
  boolean: 'a boolean, or one of the texts "true" and "false"',
};

/** Gives a value another type, or says that something of it would be lost. */
export const convertHandler: HandlerType<ConvertOptions> = {
  type: 'convert',
  description: 'Gives a value another type. Nothing is lost by it: what does not fit into the type is an error',
  options: {
    field: fieldOption('The field', 'http.status'),
    to: {
      ...{ type: 'string', enum: ['string', 'integer', 'float', 'boolean'], example: 'integer' },
      description: [
        'string: a number keeps its spelling as a text',
        'integer: a number or text without a fraction, of any size',
        'float: a number or text whose digits a double holds; an integer gets `.0`',
        'boolean: the texts `true` and `false`',
      ].join('; '),
    },
    ignore_missing: ignoreMissingOption,
  },
  required: ['field', 'to'],
  example: {
    options: { field: 'status', to: 'integer' },
    before: '{"status":"200","ms":1.50}',
    after: '{"status":200,"ms":1.50}',
  },
  compile: ({ field, to, ignore_missing: isOptional = true }) => {
    const path = readPath('field', field);
    return (record) => {
      const value = readValue(record, path, isOptional);
      if (!Buffer.isBuffer(value)) {
        return value;
      }
      const converted = convert(value, field, to);
      if (!Buffer.isBuffer(converted)) {
        return converted;
      }
      return converted === value ? next : writeValue(record, path, converted);
    };
  },
};

/** Answers the value itself when it has the type. */
function convert(value: Buffer, field: string, to: Target): Buffer | FailOutcome {
  const scalar = scalarOf(value);
  if (!scalar) {
    return unfitField(field, value, WANTED[to]);
  }
  if (to === 'string' && scalar.kind === 'text') {
    return value;
  }
  const conversion = CONVERSIONS[to](scalar);
  if ('wanted' in conversion) {
    return unfitField(field, value, conversion.wanted);
  }
  return scalar.kind !== 'text' && conversion.json === scalar.text ? value : Buffer.from(conversion.json);
}

function toInteger({ text }: Scalar): Conversion {
  if (isIntegerSpelling(text)) {
    return { json: text };
  }
  const decimal = parseDecimal(text);
  if (!decimal) {
    return { wanted: WANTED.integer };
  }
  const digits = integerText(decimal, MAX_INTEGER_DIGITS);
  if (digits !== undefined) {
    return { json: digits };
  }
  return decimal.exponent < 0
    ? { wanted: 'an integer: its fraction would be lost' }
    : { wanted: `an integer of at most ${MAX_INTEGER_DIGITS} digits` };
}

/** Doubles are what OpenSearch stores: a number that changes when it becomes one is not converted. */
function toFloat({ text }: Scalar): Conversion {
  const decimal = parseDecimal(text);
  if (!decimal) {
    return { wanted: WANTED.float };
  }
  const double = Number(text);
  const held = Number.isFinite(double) ? parseDecimal(String(double)) : undefined;
  if (!held || !isSameDecimal(decimal, held)) {
    return { wanted: 'a number whose digits a double holds: it would become ' + String(double) };
  }
  return { json: isIntegerSpelling(text) ? `${text}.0` : text };
}

function toBoolean({ kind, text }: Scalar): Conversion {
  return kind !== 'number' && (text === 'true' || text === 'false') ? { json: text } : { wanted: WANTED.boolean };
}
