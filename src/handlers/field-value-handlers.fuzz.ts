import fc from 'fast-check';
import { handled, testResources } from '../../test/factories/handled.js';
import { jsonNumber, jsonString, jsonText, jsonValue } from '../../test/factories/json-text.js';
import { isRecord } from '../../test/factories/scanned.js';
import { readMembers } from '../json/members.js';
import { checkHandlers } from './check-handlers.js';
import type { ConfiguredHandler } from './configured-handler.js';
import type { HandlerType, RecordStep } from './handler-type.js';
import { HANDLER_TYPES } from './handler-types.js';
import { PatternReader } from './pattern-reader.js';
import { RecordFault } from './record-fault.js';
import { JsonDocument } from './record/json-document.js';

/** What handlers may name; all other members must come through as they are. */
const NAMES = ['a', 'b', 'é', 'x y'];
const name = fc.constantFrom(...NAMES);
const path = fc
  .tuple(name, fc.array(fc.constantFrom(...NAMES, '0', '1'), { maxLength: 2 }))
  .map(([first, rest]) => [first, ...rest].join('.'));
const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 3 });
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom(' ', '=', ',', '"', '\n', '\ud800', 'a'),
);
const looseText = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const flag = optional(fc.boolean());
const separator = fc.constantFrom(' ', ',', '=', ';', '||', '→');

/** Options of the types that read and change values; those that do not go together are left out by the check. */
const options: Record<string, fc.Arbitrary<object>> = {
  set: fc.oneof(
    fc.record({ field: path, value: fc.jsonValue(), overwrite: flag }),
    fc.record({
      field: path,
      template: fc.oneof(
        looseText,
        path.map((at) => `{${at}}{{`),
      ),
      ignore_missing: flag,
    }),
    fc.record({ field: path, copy_from: path, overwrite: flag, ignore_missing: flag }),
  ),
  keep: fc.record({ fields: paths, keep_reserved: flag }),
  convert: fc.record({ field: path, to: fc.constantFrom('string', 'integer', 'float', 'boolean') }),
  date: fc.record({
    field: path,
    formats: fc.uniqueArray(
      fc.constantFrom('iso8601', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns', 'yyyy', 'd/L/yy HH:mm z', 'DDDD', 'x'),
      { minLength: 1, maxLength: 3 },
    ),
    zone: optional(fc.constantFrom('Europe/Berlin', 'UTC+3')),
    locale: optional(fc.constantFrom('de', 'ar', 'ja')),
    target: path,
    output: optional(fc.constantFrom('epoch_ms', 'iso8601')),
  }),
  json: fc.record({ field: path, target: optional(path), merge: flag, remove_source: flag, ignore_missing: flag }),
  kv: fc.record({
    field: path,
    target: optional(path),
    field_split: separator,
    value_split: separator,
    trim: optional(fc.constantFrom('"', ' a', '😀')),
    unpaired: optional(fc.constantFrom('error', 'skip')),
    exclude_keys: optional(fc.constant(['b'])),
    prefix: fc.constant('kv '),
    remove_source: flag,
  }),
  csv: fc.record({
    field: path,
    columns: fc.uniqueArray(name, { minLength: 1 }),
    target: optional(path),
    separator: separator,
    quote: optional(fc.constantFrom('', "'")),
    ragged: optional(fc.constantFrom('error', 'keep')),
    remove_source: flag,
  }),
  lowercase: fc.record({ fields: paths, ignore_missing: flag }),
  uppercase: fc.record({ fields: paths, ignore_missing: flag }),
  trim: fc.record({ fields: paths, ignore_missing: flag }),
};

const handler = fc
  .oneof(...Object.entries(options).map(([type, arbitrary]) => arbitrary.map((rest) => ({ type, ...rest }))))
  .map((given) => JSON.parse(JSON.stringify(given)) as ConfiguredHandler)
  .filter((given) => checkHandlers([given], testResources).length === 0);

/** Values that the handlers have something to do with, and any others. */
const value = fc.oneof(
  jsonValue(2),
  fc.oneof(jsonText(2), looseText, jsonNumber, jsonString).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"a=1 b=2 a=3"',
    '"1,2"',
    '"[1]}"',
    '"1 2"',
    '"2024-02-29T12:00:00.123456Z"',
    '"true"',
    '[" A","b "]',
    '1709210096.5',
  ),
);
const member = fc.tuple(
  fc.oneof(
    name.map((text) => JSON.stringify(text)),
    jsonString,
  ),
  fc.constantFrom('', ' ', '\n'),
  value,
);
const record = fc
  .tuple(fc.array(member, { maxLength: 6 }), fc.constantFrom('', ' ', '\n'))
  .map(
    ([members, space]) =>
      `{${space}${members.map(([key, gap, json]) => `${key}${gap}:${gap}${json}`).join(`,${space}`)}}`,
  );

/** Members by their names, as they are spelled, in order. */
function membersOf(text: string): [string, string][] {
  const bytes = Buffer.from(text);
  return readMembers(bytes, bytes.indexOf('{'), bytes.lastIndexOf('}') + 1).map(({ key, keyStart, valueEnd }) => [
    key,
    bytes.toString('utf8', keyStart, valueEnd),
  ]);
}

function stepOf(given: ConfiguredHandler): RecordStep {
  return (HANDLER_TYPES.get(given.type) as HandlerType).compile(given, {
    ...testResources,
    patterns: new PatternReader(),
  });
}

function opened(text: string): JsonDocument {
  const document = new JsonDocument();
  document.open(Buffer.from(text));
  return document;
}

/** Names of members that a handler may change or add; of `keep` all, since it takes members away. */
function mayTouch({ type, merge }: ConfiguredHandler): (key: string) => boolean {
  if (type === 'keep' || merge === true) {
    return () => true;
  }
  return (key) => NAMES.includes(key) || key.startsWith('kv ') || /^column\d+$/.test(key);
}

describe('any handler of values on any record', () => {
  it('comes to one outcome, which is a record of which everything else is as it was, or a reason', async () => {
    await fc.assert(
      fc.asyncProperty(handler, record, async (given, before) => {
        const after = await handled(given, before);

        const outcome = await stepOf(given)(opened(before));
        if (outcome.kind === 'fail') {
          // Anything else would be a fault of the handler.
          expect(outcome.error).toBeInstanceOf(RecordFault);
          expect(after).toBe(`rejected: handlers[0] (${given.type}): ${outcome.error.message}`);
          return;
        }
        expect([after, isRecord(Buffer.from(after))]).toEqual([after, true]);
        const isTouched = mayTouch(given);
        const untouched = (text: string) => membersOf(text).filter(([key]) => !isTouched(key));
        expect(untouched(after)).toEqual(untouched(before));
      }),
      { numRuns: 8000, seed: 31_337 },
    );
  });

  it('keeps members of a record as they are spelled and in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1 }), record, async (fields, before) => {
        const after = await handled({ type: 'keep', fields, keep_reserved: false }, before);

        const all = membersOf(before);
        const isLast = (key: string, index: number) => all.findLastIndex(([other]) => other === key) === index;
        expect(membersOf(after)).toEqual(all.filter(([key], index) => fields.includes(key) && isLast(key, index)));
      }),
      { numRuns: 3000, seed: 31_338 },
    );
  });

  it('merges the members of any JSON text as they are spelled', async () => {
    await fc.assert(
      fc.asyncProperty(record, jsonText(2), async (before, text) => {
        const outer = `${before.slice(0, -1)}${membersOf(before).length > 0 ? ',' : ''}"text":${JSON.stringify(text)}}`;
        const after = await handled({ type: 'json', field: 'text', merge: true, remove_source: true }, outer);

        const values = (json: string) => new Map(membersOf(json).map(([key, spelled]) => [key, valueOf(spelled)]));
        const rest = values(before);
        rest.delete('text');
        expect(values(after)).toEqual(new Map([...rest, ...values(text)]));
      }),
      { numRuns: 3000, seed: 31_339 },
    );
  });
});

/** Of a member as it is spelled. */
function valueOf(member: string): string {
  const bytes = Buffer.from(`{${member}}`);
  const [only] = readMembers(bytes, 0, bytes.length);
  return bytes.toString('utf8', only?.valueStart, only?.valueEnd);
}
