import { next } from '../../stream/outcome.js';
import { fieldsOption, readPath } from '../field-option.js';
import type { HandlerType } from '../handler-type.js';

interface RemoveOptions {
  fields: string[];
}

/** Takes fields out of the record. */
export const removeHandler: HandlerType<RemoveOptions> = {
  type: 'remove',
  description: 'Removes fields; those that are not there are passed over',
  options: { fields: fieldsOption('Fields to remove', ['debug', 'http.request.headers.cookie']) },
  required: ['fields'],
  example: {
    options: { fields: ['debug', 'http.cookie'] },
    before: '{"debug":{"n":1},"http":{"cookie":"x","status":200},"message":"ok"}',
    after: '{"http":{"status":200},"message":"ok"}',
  },
  compile: ({ fields }) => {
    const paths = fields.map((field) => readPath('fields', field));
    return (record) => {
      for (const path of paths) {
        record.remove(path);
      }
      return next;
    };
  },
};
