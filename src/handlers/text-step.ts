import { readElements } from '../json/elements.js';
import { Byte } from '../json/byte.js';
import { decodeString, encodeString } from '../json/members.js';
import { type FailOutcome, next } from '../stream/outcome.js';
import { isNull, readValue, unfitField, writeValue } from './field-value.js';
import { fieldsOption, ignoreMissingOption, readPath } from './field-option.js';
import type { HandlerExample, HandlerType } from './handler-type.js';
import type { FieldPath } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';

export interface TextStepOptions {
  fields: string[];
  ignore_missing?: boolean;
}

interface TextStep {
  type: string;
  description: string;
  example: HandlerExample;
  /** Must not depend on the machine's language. */
  change: (text: string) => string;
}

const WANTED = 'a text or an array of texts';

/** A handler that changes the texts of several fields, each by itself. A text that it leaves as it is keeps its spelling. */
export function textStepHandler({ type, description, example, change }: TextStep): HandlerType<TextStepOptions> {
  return {
    ...{ type, description, example, required: ['fields'] },
    options: {
      fields: fieldsOption('Fields that hold texts, or arrays of texts', ['host.name', 'tags']),
      ignore_missing: ignoreMissingOption,
    },
    compile: ({ fields, ignore_missing: isOptional = true }) => {
      const paths = fields.map((field) => readPath('fields', field));
      return (record) => {
        for (const path of paths) {
          const value = readValue(record, path, isOptional);
          const outcome = Buffer.isBuffer(value) ? changeField(record, path, value, change) : value;
          if (outcome.kind !== 'next') {
            return outcome;
          }
        }
        return next;
      };
    },
  };
}

function changeField(record: JsonDocument, path: FieldPath, value: Buffer, change: (text: string) => string) {
  switch (value[0]) {
    case Byte.QUOTE:
      return put(record, path, value, changedText(value, change));
    case Byte.OPEN_BRACKET: {
      const changed = changedArray(value, path.text, change);
      return Buffer.isBuffer(changed) ? put(record, path, value, changed) : changed;
    }
    default:
      return unfitField(path.text, value, WANTED);
  }
}

/** The elements that change are spelled anew; what stands around them stays, and null among them. */
function changedArray(array: Buffer, field: string, change: (text: string) => string): Buffer | FailOutcome {
  const parts: Buffer[] = [];
  let copied = 0;
  for (const [index, { start, end }] of readElements(array, 0, array.length).entries()) {
    const element = array.subarray(start, end);
    if (isNull(element)) {
      continue;
    }
    if (element[0] !== Byte.QUOTE) {
      return unfitField(`${field}.${index}`, element, 'a text');
    }
    const changed = changedText(element, change);
    if (changed !== element) {
      parts.push(array.subarray(copied, start), changed);
      copied = end;
    }
  }
  return copied === 0 ? array : Buffer.concat([...parts, array.subarray(copied)]);
}

function changedText(value: Buffer, change: (text: string) => string): Buffer {
  const text = decodeString(value, 0, value.length);
  const changed = change(text);
  return changed === text ? value : encodeString(changed);
}

function put(record: JsonDocument, path: FieldPath, before: Buffer, after: Buffer) {
  return after === before ? next : writeValue(record, path, after);
}
