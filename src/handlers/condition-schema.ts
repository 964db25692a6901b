import { MAX_PATH_CHARACTERS } from './field-option.js';
import { MAX_PATTERN_CHARACTERS } from './pattern-option.js';

/** The condition's schema among the components of the API document. */
export const CONDITION_REFERENCE = '#/components/schemas/HandlerCondition';

const condition = { allOf: [{ $ref: CONDITION_REFERENCE }] };
const conditions = { type: 'array', items: { $ref: CONDITION_REFERENCE }, minItems: 1, maxItems: 20 };
const scalar = { oneOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'boolean' }] };

/** The JSON schema of a condition, for the API document and the check of options. */
export const conditionSchema = {
  description:
    'A test of one field, or `all`, `any` and `not` of other conditions, nested at most 5 levels. A record of which it is not true passes the handler by',
  example: { field: 'level', in: ['error', 'fatal'] },
  oneOf: [
    fieldTest('exists', { type: 'boolean', description: 'Whether the field is there, null included' }),
    fieldTest('equals', { ...scalar, description: 'The value of the field; 1 and 1.0 are equal, 1 and "1" are not' }),
    fieldTest('in', {
      ...{ type: 'array', items: scalar, minItems: 1, maxItems: 1000 },
      description: 'Values that the field may have',
    }),
    fieldTest('matches', {
      ...{ type: 'string', minLength: 1, maxLength: MAX_PATTERN_CHARACTERS },
      description: 'RE2 pattern of which the text has a match; what is no text has none',
    }),
    combination('all', { ...conditions, description: 'True when every one is' }),
    combination('any', { ...conditions, description: 'True when at least one is' }),
    combination('not', { ...condition, description: 'True when this one is not' }),
  ],
} as const;

function fieldTest(name: string, schema: object): object {
  const field = {
    ...{ type: 'string', minLength: 1, maxLength: MAX_PATH_CHARACTERS },
    description: 'The field, as a path: dots stand between names',
  };
  return {
    type: 'object',
    properties: { field, [name]: schema },
    required: ['field', name],
    additionalProperties: false,
  };
}

function combination(name: string, schema: object): object {
  return { type: 'object', properties: { [name]: schema }, required: [name], additionalProperties: false };
}
