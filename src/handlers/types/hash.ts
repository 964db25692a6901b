import { createHash, createHmac } from 'node:crypto';
import { next, type Outcome } from '../../stream/outcome.js';
import { fieldOption, fieldsOption, ignoreMissingOption, readPath } from '../field-option.js';
import { isContainer, missingField, readValue, unfitField, writeValue } from '../field-value.js';
import { type HandlerResources, type HandlerType, OptionFault } from '../handler-type.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { scalarOf } from '../record/scalar.js';
import { applyEdits } from '../record/value-spans.js';

interface HashOptions {
  fields: string[];
  secret?: string;
  encoding?: 'hex' | 'base64';
  target?: string;
  ignore_missing?: boolean;
}

interface Hashing {
  digest: (content: string) => string;
  isOptional: boolean;
}

const WANTED = 'a text, a number, true or false';

/** Puts the hash of a value in its place, so that equal ones can be found without being known. */
export const hashHandler: HandlerType<HashOptions> = {
  type: 'hash',
  description:
    'Puts the SHA-256 of a value in its place, keyed (HMAC) with a secret. Texts are hashed as UTF-8; of a number, true or false its spelling is, so 1 and 1.0 differ. Without a secret, values of which there are few can be guessed',
  options: {
    fields: fieldsOption('Fields that are hashed; of several members with one name each by itself', ['user.email']),
    secret: {
      ...{ type: 'string', minLength: 1, maxLength: 100, example: 'pseudonyms' },
      description: 'The name of the secret of the configuration that is the key; without one the hash has none',
    },
    encoding: {
      type: 'string',
      enum: ['hex', 'base64'],
      default: 'hex',
      example: 'hex',
      description: 'How it is written',
    },
    target: fieldOption('Where the hash of the one field goes, which then stays; otherwise in its place', 'user.hash'),
    ignore_missing: ignoreMissingOption,
  },
  required: ['fields'],
  example: {
    options: { fields: ['user'], encoding: 'base64' },
    before: '{"user":"ann","n":1.0}',
    after: '{"user":"SZFeDX1LQC4wF9AQvBwOg8rGx5fWwW5mNA/jJoaTpqE=","n":1.0}',
  },
  compile: ({ fields, secret, encoding = 'hex', target, ignore_missing = true }, resources) => {
    const paths = fields.map((field) => readPath('fields', field));
    const hashing = { digest: digesting(secret, encoding, resources), isOptional: ignore_missing };
    if (target !== undefined && paths.length > 1) {
      throw new OptionFault('target', 'takes the hash of one field; name one in `fields`, or leave it out');
    }
    const place = target === undefined ? undefined : readPath('target', target);
    return (record) => {
      for (const path of paths) {
        const outcome = place ? hashTo(record, path, place, hashing) : hashInPlace(record, path, hashing);
        if (outcome !== next) {
          return outcome;
        }
      }
      return next;
    };
  },
};

function digesting(name: string | undefined, encoding: 'hex' | 'base64', resources: HandlerResources) {
  if (name === undefined) {
    return (content: string) => createHash('sha256').update(content, 'utf8').digest(encoding);
  }
  const key = resources.secret(name);
  // A name such as `constructor` must not find what every object has.
  if (typeof key !== 'string') {
    // What stands there may be the secret itself, so it is not repeated.
    throw new OptionFault('secret', 'is not the name of a secret: define one as name=value in `handlers.secrets`');
  }
  return (content: string) => createHmac('sha256', key).update(content, 'utf8').digest(encoding);
}

function hashTo(record: JsonDocument, path: FieldPath, place: FieldPath, { digest, isOptional }: Hashing): Outcome {
  const value = readValue(record, path, isOptional);
  if (!Buffer.isBuffer(value)) {
    return value;
  }
  const content = scalarOf(value);
  return content
    ? writeValue(record, place, JSON.stringify(digest(content.text)))
    : unfitField(path.text, value, WANTED);
}

function hashInPlace(record: JsonDocument, path: FieldPath, { digest, isOptional }: Hashing): Outcome {
  const edits = [];
  const spans = record.findAll(path);
  for (const span of spans) {
    const value = record.bytes.subarray(span.start, span.end);
    if (isContainer(value)) {
      return unfitField(path.text, value, WANTED);
    }
    const content = scalarOf(value);
    edits.push(...(content ? [{ ...span, json: JSON.stringify(digest(content.text)) }] : []));
  }
  applyEdits(record, edits);
  return spans.length === 0 ? missingField(path.text, isOptional) : next;
}
