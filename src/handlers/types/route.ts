import { INDEX_BASE_PATTERN } from '../../domain/index-base.js';
import { type Outcome } from '../../stream/outcome.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readValue, unfitField, writeValue } from '../field-value.js';
import { type HandlerType, OptionFault, type RecordStep } from '../handler-type.js';
import type { JsonDocument } from '../record/json-document.js';
import { scalarOf } from '../record/scalar.js';
import { cannotApply } from '../record-fault.js';
import { clipped, quoted } from '../shown-text.js';
import { TextTemplate } from '../text-template.js';

interface RouteOptions {
  base?: string;
  field?: string;
  table?: Record<string, string>;
  default?: string;
  ignore_missing?: boolean;
}

const ROUTE = readPath('', '__index_base');
const LEGAL = 'lower-case letters, digits, - and _, at most 100, the first a letter or digit';

/** Says into which index base a record goes. */
export const routeHandler: HandlerType<RouteOptions> = {
  type: 'route',
  description:
    'Sends a record to an index base other than the pipeline’s, by setting `__index_base`. Either `base`, or `field` with a table',
  options: {
    base: {
      ...{ type: 'string', minLength: 1, maxLength: 500, example: 'logs-{team}' },
      description: 'The index base; {field} stands for the value of a field',
    },
    field: fieldOption('The field that decides; without a table its value is the index base', 'service'),
    table: {
      ...{ type: 'object', minProperties: 1, maxProperties: 1000, additionalProperties: { type: 'string' } },
      description: 'The index base of each value of the field; numbers as they are spelled',
      example: { checkout: 'orders', 'card-payment': 'payments' },
    },
    default: {
      ...{ type: 'string', minLength: 1, maxLength: 100, example: 'logs' },
      description: 'The index base of values that the table does not have, of null, and of records without the field',
    },
    ignore_missing: ignoreMissingOption,
  },
  required: [],
  example: {
    options: { field: 'service', table: { checkout: 'orders' }, default: 'logs' },
    before: '{"service":"checkout","total":9.90}',
    after: '{"service":"checkout","total":9.90,"__index_base":"orders"}',
  },
  compile: (options) => {
    const { base, field } = options;
    if ((base === undefined) === (field === undefined)) {
      throw new OptionFault('base', 'or `field` must be given, one of the two');
    }
    return base === undefined ? routeByField(field as string, options) : routeByTemplate(base, options);
  },
};

function routeByTemplate(base: string, { table, default: otherwise, ignore_missing = true }: RouteOptions): RecordStep {
  if (table ?? otherwise) {
    throw new OptionFault(table ? 'table' : 'default', 'belongs to `field`; a base that is given needs none');
  }
  const template = new TextTemplate('base', base);
  if (template.constant !== undefined) {
    checkName('base', template.constant);
  }
  return (record) => {
    const rendered = template.render(record, ignore_missing);
    return typeof rendered === 'string' ? write(record, rendered, `base ${base}`) : rendered;
  };
}

function routeByField(field: string, { table, default: otherwise, ignore_missing = true }: RouteOptions): RecordStep {
  const path = readPath('field', field);
  const bases = table && new Map(Object.entries(table));
  bases?.forEach((base, value) => checkName(`table.${clipped(value)}`, base));
  if (otherwise !== undefined) {
    checkName('default', otherwise);
  }
  return (record) => {
    const value = readValue(record, path, ignore_missing);
    if (!Buffer.isBuffer(value)) {
      return otherwise === undefined ? value : write(record, otherwise, 'default');
    }
    const text = scalarOf(value)?.text;
    if (text === undefined) {
      return unfitField(field, value, 'a text, a number or a boolean');
    }
    const base = bases ? (bases.get(text) ?? otherwise) : text;
    return base === undefined
      ? cannotApply(`${field} is ${quoted(text)}, which the table does not have; add it, or a default`)
      : write(record, base, field);
  };
}

function write(record: JsonDocument, base: string, source: string): Outcome {
  return INDEX_BASE_PATTERN.test(base)
    ? writeValue(record, ROUTE, JSON.stringify(base))
    : cannotApply(`${source} gives the index base "${clipped(base)}", which is no legal name: ${LEGAL}`);
}

function checkName(option: string, base: string): void {
  if (!INDEX_BASE_PATTERN.test(base)) {
    throw new OptionFault(option, `is "${clipped(base)}", which is no legal name of an index base: ${LEGAL}`);
  }
}
