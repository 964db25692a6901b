import { fail, next, type Outcome } from '../../stream/outcome.js';
import { fieldOption, readPath } from '../field-option.js';
import { describeValue, writeValue } from '../field-value.js';
import type { HandlerType } from '../handler-type.js';
import { type BoundedExpression, compileExpression } from '../jsonata/bounded-expression.js';
import { resultJson } from '../jsonata/result-json.js';
import type { FieldPath } from '../record/field-path.js';
import type { JsonDocument } from '../record/json-document.js';
import { cannotApply, RecordFault } from '../record-fault.js';

interface JsonataOptions {
  expression: string;
  target?: string;
  ignore_missing?: boolean;
}

/** How deep containers may stand within each other in a record, the top-level object included. */
const MAX_RECORD_DEPTH = 200;

/** Computes a value, or a whole record, by a JSONata expression. */
export const jsonataHandler: HandlerType<JsonataOptions> = {
  type: 'jsonata',
  description:
    'Computes a value or the whole record by a JSONata expression. It sees numbers as doubles: what a double cannot hold loses digits in what it gives, and without a target in all of the record; with one, all other fields keep their bytes. At most a second a record. Patterns run on RE2; $eval, $now, $millis, $random and $shuffle are not there, and $toMillis takes ISO 8601 alone',
  options: {
    expression: {
      ...{ type: 'string', minLength: 1, maxLength: 10_000, example: '$sum(items.(price * quantity))' },
      description: 'The expression; its input is the record',
    },
    target: fieldOption(
      'Where the value goes; without it the value must be an object, which becomes the record',
      'total',
    ),
    ignore_missing: {
      ...{ type: 'boolean', default: true, example: true },
      description:
        'With a target: pass over records for which the expression gives nothing; otherwise these are an error',
    },
  },
  required: ['expression'],
  example: {
    options: { expression: '$sum(items.(price * quantity))', target: 'total' },
    before: '{"items":[{"price":2.50,"quantity":2},{"price":1,"quantity":3}]}',
    after: '{"items":[{"price":2.50,"quantity":2},{"price":1,"quantity":3}],"total":8}',
  },
  compile: ({ expression: text, target, ignore_missing = true }, { patterns }) => {
    const expression = compileExpression('expression', text, patterns);
    const place = target === undefined ? undefined : readPath('target', target);
    return async (record) => {
      // Nothing in an evaluation waits for a timer or I/O, so the document still holds this record afterwards.
      const value = await evaluate(expression, record);
      if (value instanceof RecordFault) {
        return fail(value);
      }
      return place ? writeTarget(record, place, value, ignore_missing) : replaceRecord(record, value);
    };
  },
};

async function evaluate(expression: BoundedExpression, { bytes }: JsonDocument): Promise<unknown> {
  try {
    return await expression(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return new RecordFault(`the expression has no value: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function writeTarget(record: JsonDocument, place: FieldPath, value: unknown, isOptional: boolean): Outcome {
  if (value === undefined) {
    return isOptional ? next : cannotApply(`the expression gives nothing for ${place.text}`);
  }
  const json = resultJson(value, MAX_RECORD_DEPTH - place.segments.length);
  return json instanceof RecordFault ? fail(json) : writeValue(record, place, json);
}

function replaceRecord(record: JsonDocument, value: unknown): Outcome {
  const json = value === undefined ? 'nothing' : resultJson(value, MAX_RECORD_DEPTH);
  if (json instanceof RecordFault) {
    return fail(json);
  }
  if (!json.startsWith('{')) {
    const given = value === undefined ? json : describeValue(Buffer.from(json));
    return cannotApply(`the expression gives ${given}; without a target it should give an object`);
  }
  record.open(Buffer.from(json));
  return next;
}
