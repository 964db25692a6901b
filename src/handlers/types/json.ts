import { MAX_DEPTH } from '../../json/json-walk.js';
import { type JsonValue, parseValue } from '../../json/json-value.js';
import { Byte } from '../../json/byte.js';
import { readMembers } from '../../json/members.js';
import { next, type Outcome } from '../../stream/outcome.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readText, unfitField, writeValue } from '../field-value.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { removeSourceOption } from '../parsed-fields.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { mergeMembers } from '../record/merge-members.js';
import { cannotApply } from '../record-fault.js';

interface JsonOptions {
  field: string;
  target?: string;
  merge?: boolean;
  remove_source?: boolean;
  ignore_missing?: boolean;
}

const WANTED = 'a text that is JSON';

/** Makes the JSON in a text a part of the record; its numbers keep their spelling. */
export const jsonHandler: HandlerType<JsonOptions> = {
  type: 'json',
  description: 'Makes the JSON that a text holds a part of the record, as it is spelled',
  options: {
    field: fieldOption('The field that holds the text', 'message'),
    target: fieldOption('Where the value goes; without it the value takes the place of the text', 'parsed'),
    merge: {
      ...{ type: 'boolean', default: false, example: true },
      description: 'The text is an object, whose members go to the top of the record. Not together with `target`',
    },
    remove_source: removeSourceOption,
    ignore_missing: ignoreMissingOption,
  },
  required: ['field'],
  example: {
    options: { field: 'message', merge: true, remove_source: true },
    before: '{"message":"{\\"level\\":\\"warn\\",\\"ms\\":1.50}","host":"a"}',
    after: '{"host":"a","level":"warn","ms":1.50}',
  },
  compile: ({ field, target, merge: isMerged = false, remove_source: removes = false, ignore_missing = true }) => {
    if (isMerged && target !== undefined) {
      throw new OptionFault('target', 'cannot be given together with merge, which puts the members at the top');
    }
    const source = readPath('field', field);
    const place = readPath('target', target ?? field);
    const wanted = isMerged ? `${WANTED}, and an object` : WANTED;
    const put = isMerged ? mergeInto : putAt(place);
    const levelsAround = isMerged ? 0 : place.segments.length;
    return (record) => {
      const text = readText(record, source, ignore_missing, wanted);
      if (typeof text !== 'string') {
        return text;
      }
      const value = parseValue(text);
      if (!value || (isMerged && value.bytes[0] !== Byte.OPEN_BRACE)) {
        return unfitField(field, record.read(source) as Buffer, wanted);
      }
      if (levelsAround + value.depth > MAX_DEPTH) {
        return cannotApply(`${field} is nested too deeply: a record has at most ${MAX_DEPTH} levels`);
      }
      if (removes && (isMerged || target !== undefined)) {
        record.remove(source);
      }
      return put(record, value);
    };
  },
};

function putAt(place: FieldPath) {
  return (record: JsonDocument, { bytes }: JsonValue) => writeValue(record, place, bytes);
}

function mergeInto(record: JsonDocument, { bytes }: JsonValue): Outcome {
  const members = readMembers(bytes, 0, bytes.length);
  mergeMembers(
    record,
    new Map(members.map(({ key, valueStart, valueEnd }) => [key, bytes.subarray(valueStart, valueEnd)])),
  );
  return next;
}
