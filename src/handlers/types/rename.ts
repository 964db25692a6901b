import { next } from '../../stream/outcome.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { missingField, noRoomFor } from '../field-value.js';
import { type HandlerType, OptionFault } from '../handler-type.js';

interface RenameOptions {
  from: string;
  to: string;
  ignore_missing?: boolean;
}

/** Gives a field another name or another place; its value keeps its spelling. */
export const renameHandler: HandlerType<RenameOptions> = {
  type: 'rename',
  description: 'Gives a field another name or place. What was there before is replaced',
  options: {
    from: fieldOption('The field', 'msg'),
    to: fieldOption('Its new name, from the top of the record', 'message'),
    ignore_missing: {
      ...ignoreMissingOption,
      description: 'Pass over records that do not have the field; otherwise these are an error. Null is a value',
    },
  },
  required: ['from', 'to'],
  example: {
    options: { from: 'msg', to: 'message' },
    before: '{"msg":"started","n":1.0}',
    after: '{"message":"started","n":1.0}',
  },
  compile: ({ from, to, ignore_missing: isOptional = true }) => {
    const [source, target] = [readPath('from', from), readPath('to', to)];
    if (to === from || to.startsWith(`${from}.`)) {
      throw new OptionFault('to', `must be a place outside ${from}`);
    }
    return (record) => {
      if (!record.has(source)) {
        return missingField(from, isOptional);
      }
      return record.move(source, target) ? next : noRoomFor(to);
    };
  },
};
