import { MAX_DEPTH } from '../../json/json-walk.js';
import { depthOf } from '../../json/json-value.js';
import { encodeString } from '../../json/members.js';
import { next, type Outcome } from '../../stream/outcome.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { missingField, writeValue } from '../field-value.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { cannotApply } from '../record-fault.js';
import { TextTemplate } from '../text-template.js';

interface SetOptions {
  field: string;
  value?: unknown;
  template?: string;
  copy_from?: string;
  overwrite?: boolean;
  ignore_missing?: boolean;
}

/** The JSON to put into a record; or the outcome of one that has none. */
type Source = (record: JsonDocument) => Buffer | Outcome;

const SOURCES = ['value', 'template', 'copy_from'] as const;

/** Gives a field a value. */
export const setHandler: HandlerType<SetOptions> = {
  type: 'set',
  description: 'Gives a field a value: a constant, a text made of other fields, or a copy. Exactly one of these',
  options: {
    field: fieldOption('The field; objects on the way to it are made', 'event.kind'),
    value: { description: 'A constant: any JSON value, null included', example: 'alert' },
    template: {
      ...{ type: 'string', maxLength: 10_000, example: '{http.method} {url}' },
      description:
        'A text in which `{field}` stands for the value of a field that is a text, a number or a boolean; `{{` and `}}` are braces. A record in which one of them is null is passed over',
    },
    copy_from: fieldOption('The field whose value is copied, as it is spelled', 'host.name'),
    overwrite: {
      ...{ type: 'boolean', default: true, example: false },
      description: 'Replace the value of a field that is there; otherwise pass over records that have it, even as null',
    },
    ignore_missing: {
      ...ignoreMissingOption,
      description:
        'Pass over records without a field that `template` or `copy_from` names; otherwise these are an error. Null is copied like any value',
    },
  },
  required: ['field'],
  example: {
    options: { field: 'summary', template: '{method} {http.status}' },
    before: '{"method":"GET","http":{"status":200}}',
    after: '{"method":"GET","http":{"status":200},"summary":"GET 200"}',
  },
  compile: (options) => {
    const target = readPath('field', options.field);
    const source = sourceOf(options, target);
    const { overwrite: mayOverwrite = true } = options;
    return (record) => {
      if (!mayOverwrite && record.has(target)) {
        return next;
      }
      const json = source(record);
      if (!Buffer.isBuffer(json)) {
        return json;
      }
      return writeValue(record, target, json);
    };
  },
};

function sourceOf(options: SetOptions, target: FieldPath): Source {
  const given = SOURCES.filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    const fault = given[0] === undefined ? 'is missing' : `cannot be given together with ${given[0]}`;
    throw new OptionFault(given[1] ?? 'value', `${fault}: give exactly one of ${SOURCES.join(', ')}`);
  }
  const { value, template, copy_from: from, ignore_missing: isOptional = true } = options;
  if (template !== undefined) {
    return templateSource(template, isOptional);
  }
  return from === undefined ? constantSource(value, target) : copySource(from, target, isOptional);
}

function constantSource(value: unknown, target: FieldPath): Source {
  if (hasInexactNumber(value)) {
    throw new OptionFault(
      'value',
      'has a number beyond 2^53, of which digits are lost: give it as a text, and convert',
    );
  }
  const json = Buffer.from(JSON.stringify(value));
  if (isTooDeep(json, target)) {
    throw new OptionFault('value', `is nested too deeply: a record has at most ${MAX_DEPTH} levels`);
  }
  return () => json;
}

function templateSource(text: string, isOptional: boolean): Source {
  const template = new TextTemplate('template', text);
  return (record) => {
    const rendered = template.render(record, isOptional);
    return typeof rendered === 'string' ? encodeString(rendered) : rendered;
  };
}

function copySource(from: string, target: FieldPath, isOptional: boolean): Source {
  const path = readPath('copy_from', from);
  if (from === target.text) {
    throw new OptionFault('copy_from', 'is the field itself');
  }
  return (record) => {
    const value = record.read(path);
    if (!value) {
      return missingField(from, isOptional);
    }
    return isTooDeep(value, target)
      ? cannotApply(`${from} is nested too deeply to stand at ${target.text}: a record has at most ${MAX_DEPTH} levels`)
      : value;
  };
}

function isTooDeep(value: Buffer, { segments }: FieldPath): boolean {
  return segments.length + depthOf(value) > MAX_DEPTH;
}

/** A constant has been read into doubles before it comes here. */
function hasInexactNumber(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexactNumber);
}
