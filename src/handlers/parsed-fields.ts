import { type FailOutcome, next, type Outcome } from '../stream/outcome.js';
import { fieldOption, ignoreMissingOption, readPath } from './field-option.js';
import { readText, writeValue } from './field-value.js';
import type { OptionSchema, RecordStep } from './handler-type.js';
import { type Members, mergeMembers, objectOf } from './record/merge-members.js';

/** Options of every handler that reads fields out of a text. */
export interface ParsedFieldsOptions {
  field: string;
  target?: string;
  remove_source?: boolean;
  ignore_missing?: boolean;
}

type ParsedFieldsSchemas = Record<keyof ParsedFieldsOptions, OptionSchema>;

/** `wanted` is what the field holds, as in "a text of key=value pairs". */
export function parsedFieldsOptions(wanted: string, example: string): ParsedFieldsSchemas {
  return {
    field: fieldOption(`The field that holds ${wanted}`, 'message'),
    target: fieldOption('Where an object of the fields goes; without it they go to the top of the record', example),
    remove_source: removeSourceOption,
    ignore_missing: ignoreMissingOption,
  };
}

export const removeSourceOption: OptionSchema = {
  ...{ type: 'boolean', default: false, example: true },
  description: 'Remove the text when it has been read; a field of the same name that was read from it stays',
};

/** Reads the fields of a text; no members: the record stays as it is. */
export type ReadFields = (text: string) => Members | FailOutcome;

/** A step that reads a text and puts what it held into the record; what was there before is replaced. */
export function parsedFieldsStep(options: ParsedFieldsOptions, wanted: string, read: ReadFields): RecordStep {
  const { ignore_missing: isOptional = true, remove_source: removesSource = false } = options;
  const source = readPath('field', options.field);
  const target = options.target === undefined ? undefined : readPath('target', options.target);
  return (record): Outcome => {
    const text = readText(record, source, isOptional, wanted);
    if (typeof text !== 'string') {
      return text;
    }
    const members = read(text);
    if (!isMembers(members)) {
      return members;
    }
    if (removesSource) {
      record.remove(source);
    }
    if (members.size === 0) {
      return next;
    }
    if (!target) {
      mergeMembers(record, members);
      return next;
    }
    return writeValue(record, target, objectOf(members));
  };
}

function isMembers(read: Members | FailOutcome): read is Members {
  return read instanceof Map;
}
