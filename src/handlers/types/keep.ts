import { next } from '../../stream/outcome.js';
import { fieldsOption, readPath } from '../field-option.js';
import type { HandlerType } from '../handler-type.js';
import { keepFields, keptNames } from '../record/keep-fields.js';

interface KeepOptions {
  fields: string[];
  keep_reserved?: boolean;
}

const NONE = Buffer.from('{}');

/** Takes everything out of the record but these fields. */
export const keepHandler: HandlerType<KeepOptions> = {
  type: 'keep',
  description: 'Removes everything but these fields and the objects and arrays around them',
  options: {
    fields: fieldsOption('Fields to keep; those that are not there are passed over', ['@timestamp', 'http.status']),
    keep_reserved: {
      ...{ type: 'boolean', default: true, example: false },
      description:
        'Keep as well what begins with two underscores at the top of the record: `__id` and `__index_base` say where it goes',
    },
  },
  required: ['fields'],
  example: {
    options: { fields: ['message', 'http.status'] },
    before: '{"__id":"7","message":"ok","http":{"status":200,"cookie":"x"},"debug":1}',
    after: '{"__id":"7","message":"ok","http":{"status":200}}',
  },
  compile: ({ fields, keep_reserved: keepsReserved = true }) => {
    const names = keptNames(fields.map((field) => readPath('fields', field)));
    const isReserved = (name: string) => keepsReserved && name.startsWith('__');
    return (record) => {
      record.replaceObject(keepFields(record.bytes, record.object, names, isReserved) ?? NONE);
      return next;
    };
  },
};
