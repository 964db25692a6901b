import fc, { type Arbitrary } from 'fast-check';
import { testResources } from '../../test/factories/handled.js';
import { jsonString, jsonValue } from '../../test/factories/json-text.js';
import { isRecord } from '../../test/factories/scanned.js';
import { BaseContext } from '../stream/base-context.js';
import type { RunResult } from '../stream/run-result.js';
import { checkHandlers } from './check-handlers.js';
import type { Condition } from './condition.js';
import { compileChain } from './compile-chain.js';
import { type ConfiguredHandler, ON_ERROR } from './configured-handler.js';
import { HANDLER_TYPES } from './handler-types.js';
import type { HandlerType } from './handler-type.js';
import { HandlerFailure } from './handler-failure.js';
import { RecordFault, RecordRefusal } from './record-fault.js';

/** What the schema of an option may say. */
interface Schema {
  type?: string;
  enum?: unknown[];
  items?: Schema;
  example?: unknown;
  maxItems?: number;
}

/** No option names it; its spelling tells whether it was read and written again. */
const UNTOUCHED = String.raw`"un\u0074ouched" : 1.50e+00`;
const RUNS = 250;

const names = ['a', 'b', 'a.b', 'b.0', 'b.1.a', 'é', String.raw`x\.y`, 'a.é.b', '0'];
const texts = [
  '',
  ' ',
  'x',
  '{a}',
  '{{{b.0}}}',
  '%{WORD:a}',
  '%{a} %{b}',
  '(a+)+$',
  '$1',
  '$$',
  'a=1 b=2',
  '😀',
  '\ud800',
  '"',
  'UTC',
  'yyyy',
  'logs',
];
const string = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...texts),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

/** Values that the schema allows for the most part. */
function valueOf({ type, enum: words, items, example, maxItems = 3 }: Schema): Arbitrary<unknown> {
  const shown = fc.constant(example);
  if (words) {
    return fc.constantFrom(...words);
  }
  switch (type) {
    case 'string':
      return fc.oneof(string, string, shown);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.oneof(
        {
          weight: 4,
          arbitrary: fc.uniqueArray(valueOf(items ?? {}), { minLength: 1, maxLength: Math.min(maxItems, 3) }),
        },
        { weight: 1, arbitrary: shown },
      );
    case 'object':
      return fc.oneof(fc.dictionary(string, string, { maxKeys: 3 }), shown);
    default:
      return fc.oneof(fc.jsonValue({ maxDepth: 2 }), shown);
  }
}

const when = fc.constantFrom<Condition>(
  { field: 'a', exists: true },
  { not: { field: 'b', matches: '(a+)+$' } },
  {
    any: [
      { field: 'a', in: ['x', 1, null] },
      { field: 'b', exists: false },
    ],
  },
);

/** Handlers of a type with random options, of which the check takes some; the example's options are among them. */
function handlerOf({ type, options, required, example }: HandlerType): Arbitrary<ConfiguredHandler> {
  const values = Object.fromEntries(
    Object.entries<Schema>(options).map(([name, schema]) => [
      name,
      name in example.options ? fc.oneof(valueOf(schema), fc.constant(example.options[name])) : valueOf(schema),
    ]),
  );
  const random = fc.record(
    { ...values, when, on_error: fc.constantFrom(...ON_ERROR) },
    { requiredKeys: [...required] },
  );
  return fc
    .oneof({ weight: 4, arbitrary: random }, { weight: 1, arbitrary: fc.constant(example.options) })
    .map((rest): ConfiguredHandler => ({ type, ...rest }))
    .filter((handler) => checkHandlers([handler], testResources).length === 0);
}

const value = fc.oneof(
  jsonValue(2),
  jsonString,
  fc.constantFrom(
    '"a=1 b=2"',
    '"1,2"',
    String.raw`"{\"b\":[1.0]}"`,
    '"2024-02-29T12:00:00Z"',
    '"12"',
    '{"b":{"é":1e400}}',
    '[1,{"a":"x"}]',
    'null',
  ),
);
const key = fc.oneof(fc.constantFrom('"a"', '"b"', '"é"', '"x.y"', '"0"', String.raw`"\u0061"`), jsonString);
const member = fc.tuple(key, value).map(([name, json]) => `${name} :${json}`);
const members = fc.array(member, { maxLength: 5 });
const record = fc
  .tuple(members, members)
  .map(([some, others]) => ` { ${[...some, UNTOUCHED, ...others].join(' , ')}\n}`);

/** Removing what is not named, and making a record anew, are what these are for. */
function mayTouchAll({ type, target }: ConfiguredHandler): boolean {
  return type === 'keep' || (type === 'jsonata' && target === undefined);
}

function isKnownFault(result: RunResult): boolean {
  const cause = result.kind === 'fail' && result.error instanceof HandlerFailure && result.error.cause;
  return cause instanceof RecordFault || cause instanceof RecordRefusal;
}

describe.each([...HANDLER_TYPES])('any handler of the type %s', (_name, type) => {
  it('has one outcome for any record, which is no fault of the program, and keeps the bytes of what it does not name', async () => {
    const outcomes = { next: 0, stop: 0, fail: 0 };
    await fc.assert(
      fc.asyncProperty(handlerOf(type), record, async (handler, text) => {
        const before = Buffer.from(text);
        const context = new BaseContext<Buffer>({ record: before });
        const result = await context.run(
          compileChain([handler], { resources: testResources, maxRecordBytes: 1_000_000 }),
        );

        outcomes[result.kind]++;
        expect(result.kind !== 'fail' || isKnownFault(result)).toBe(true);
        expect(before.toString()).toBe(text);
        expect(isRecord(context.record)).toBe(true);
        expect(mayTouchAll(handler) || context.record.includes(UNTOUCHED)).toBe(true);
      }),
      { numRuns: RUNS, seed: 50_001 },
    );
    expect(outcomes.next + outcomes.stop + outcomes.fail).toBe(RUNS);
  });
});
