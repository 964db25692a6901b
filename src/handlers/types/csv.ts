import { CsvError, parse } from 'csv-parse/sync';
import { encodeString } from '../../json/members.js';
import type { FailOutcome } from '../../stream/outcome.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { parsedFieldsOptions, type ParsedFieldsOptions, parsedFieldsStep, type ReadFields } from '../parsed-fields.js';
import { cannotApply } from '../record-fault.js';
import { clipped } from '../shown-text.js';

interface CsvOptions extends ParsedFieldsOptions {
  columns: string[];
  separator?: string;
  quote?: string;
  ragged?: 'error' | 'keep';
}

const WANTED = 'a text that is a row of CSV';
/** Longer ones are files, and would hold up the records of everybody else. */
const MAX_ROW_CHARACTERS = 1_048_576;
const MAX_VALUES = 1000;
const LINE_ENDS = ['\r\n', '\n', '\r'];

/** Reads a row of comma-separated values into fields. */
export const csvHandler: HandlerType<CsvOptions> = {
  type: 'csv',
  description: `Reads a text that is one row of at most ${MAX_VALUES} separated values (RFC 4180); values become texts`,
  options: {
    ...parsedFieldsOptions(WANTED, 'row'),
    columns: {
      ...{ type: 'array', items: { type: 'string', minLength: 1, maxLength: 512 } },
      ...{ minItems: 1, maxItems: MAX_VALUES, uniqueItems: true, example: ['time', 'user', 'amount'] },
      description: 'Names of the fields, in the order of the values; a dot in one is part of the name',
    },
    separator: {
      ...{ type: 'string', minLength: 1, maxLength: 10, default: ',', example: ';' },
      description: 'What stands between two values',
    },
    quote: {
      ...{ type: 'string', pattern: '^[!-~]?$', default: '"', example: "'" },
      description:
        'The character around values that hold a separator, twice for itself within one; empty: values are not quoted',
    },
    ragged: {
      ...{ type: 'string', enum: ['error', 'keep'], default: 'error', example: 'keep' },
      description:
        'What becomes of a row that has fewer or more values than columns; keep: columns without a value are left out, and values without a column are named by their place, as in `column4`',
    },
  },
  required: ['field', 'columns'],
  example: {
    options: { field: 'message', columns: ['user', 'city', 'amount'], remove_source: true },
    before: '{"message":"ann,\\"Paris, Texas\\",1.50"}',
    after: '{"user":"ann","city":"Paris, Texas","amount":"1.50"}',
  },
  compile: (options) => {
    const { separator = ',', quote = '"' } = options;
    if (/[\r\n]/.test(separator)) {
      throw new OptionFault('separator', 'must not hold a line break, which ends a row');
    }
    if (quote !== '' && separator.includes(quote)) {
      throw new OptionFault('quote', 'must not be a part of the separator');
    }
    const isPlaceName = (name: string) => /^column\d+$/.test(name);
    if (options.ragged === 'keep' && options.columns.some(isPlaceName)) {
      throw new OptionFault('columns', 'must not have names such as column4, which values without a column get');
    }
    return parsedFieldsStep(options, WANTED, rowReader(options));
  },
};

function rowReader(options: CsvOptions): ReadFields {
  const { field, columns, ragged = 'error' } = options;
  return (text) => {
    const row = readRow(text, options);
    if (!Array.isArray(row)) {
      return row;
    }
    if (ragged === 'error' && row.length !== columns.length) {
      return cannotApply(`${field} has ${row.length} values; it should have ${columns.length}, one for each column`);
    }
    if (row.length > MAX_VALUES) {
      return cannotApply(`${field} has ${row.length} values; the limit is ${MAX_VALUES}`);
    }
    return new Map(row.map((value, index) => [columns[index] ?? `column${index + 1}`, encodeString(value)]));
  };
}

function readRow(text: string, { field, separator = ',', quote = '"' }: CsvOptions): string[] | FailOutcome {
  if (!text.isWellFormed()) {
    return cannotApply(`${field} holds half of a surrogate pair; it should be ${WANTED}`);
  }
  if (text.length > MAX_ROW_CHARACTERS) {
    return cannotApply(`${field} has ${text.length} characters; a row may have ${MAX_ROW_CHARACTERS}`);
  }
  try {
    const rows = parse(text, {
      ...{ delimiter: separator, quote: quote || null, escape: quote || null, record_delimiter: LINE_ENDS },
      ...{ relax_column_count: true, skip_empty_lines: true },
    });
    const [row, ...others] = rows;
    return row && others.length === 0 ? row : cannotApply(`${field} holds ${rows.length} rows; it should hold one`);
  } catch (error) {
    if (error instanceof CsvError) {
      return cannotApply(`${field} is no row of CSV: ${clipped(error.message)}`);
    }
    throw error;
  }
}
