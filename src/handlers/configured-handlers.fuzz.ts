import fc from 'fast-check';
import { testResources } from '../../test/factories/handled.js';
import { jsonString, jsonText, jsonValue } from '../../test/factories/json-text.js';
import { isRecord } from '../../test/factories/scanned.js';
import { readMembers } from '../json/members.js';
import { BaseContext } from '../stream/base-context.js';
import type { RunResult } from '../stream/run-result.js';
import { checkHandlers } from './check-handlers.js';
import { compileChain } from './compile-chain.js';
import type { ConfiguredHandler } from './configured-handler.js';
import { HandlerFailure } from './handler-failure.js';
import { RecordFault, RecordRefusal } from './record-fault.js';

/** A handler, and the top-level fields that it may change. */
interface Case {
  handler: ConfiguredHandler;
  touched: readonly string[] | 'all';
}

const TOP = ['a', 'b', 'é', '0', 't'];
const field = fc
  .tuple(fc.constantFrom(...TOP), fc.constantFrom('', '', '', '', '.a', '.0', '.b.c', '.x\\.y'))
  .map(([top, rest]) => top + rest);
const fields = fc.uniqueArray(field, { minLength: 1, maxLength: 3 });
const optionalField = fc.option(field, { nil: undefined });
const pattern = fc.constantFrom('', '(a+)+$', '.', '(?P<a>[a-z])|(\\d)', '[^a]*', '\\b', '(?i)é|x', '\\x{10000}', '^$');
const templates = fc.constantFrom('', 'x', '{a}', '{{{a.0}}}{b}', 'base-{é}');
const ignore_missing = fc.boolean();
const on_error = fc.constantFrom('keep', 'keep', 'reject', 'drop');

const topOf = (paths: readonly string[]) => paths.map((path) => path.split('.')[0] as string);

/** Options without those that are undefined. */
function made(touched: Case['touched'], { ...options }: ConfiguredHandler): Case {
  return { touched, handler: JSON.parse(JSON.stringify(options)) as ConfiguredHandler };
}

const cases: fc.Arbitrary<Case> = fc.oneof(
  fc
    .record({
      field,
      target: optionalField,
      patterns: fc.array(
        fc.constantFrom('%{WORD:t.w}', '(?P<t>.+)', '%{INT:t:int}', '%{NUMBER:t.n:float} %{GREEDYDATA:t.g}', '(a+)+$'),
        { minLength: 1, maxLength: 3 },
      ),
      ...{ ignore_missing, on_error },
    })
    .map((options) => made(topOf([options.target ?? 't']), { type: 'grok', ...options })),
  fc
    .record({
      field,
      target: optionalField,
      pattern: fc.constantFrom('%{t}', '%{t->} %{}', '%{t}"%{+t}', '%{?x}a%{t}', 'é%{+t}'),
      append_separator: fc.constantFrom('', ' ', '"'),
      ...{ ignore_missing, on_error },
    })
    .map((options) => made(topOf([options.target ?? 't']), { type: 'dissect', ...options })),
  fc
    .record({
      ...{ fields, pattern, ignore_missing, on_error, all: fc.boolean() },
      replacement: fc.constantFrom('', '$0$0', '"\\', '😀', '$$'),
    })
    .map((options) => made(topOf(options.fields), { type: 'replace', ...options })),
  fc
    .record({ fields, on_error, mask: fc.constantFrom('', '***', '"', '😀') })
    .map((options) => made(topOf(options.fields), { type: 'redact', ...options })),
  fc
    .record({
      ...{ on_error, within: fields, patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }) },
      presets: fc.constant(['email', 'credit_card', 'ipv4', 'ipv6', 'bearer_token']),
    })
    .map((options) => made(topOf(options.within), { type: 'redact', ...options })),
  fc
    .record({ on_error, patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }) })
    .map((options) => made('all', { type: 'redact', ...options })),
  fc
    .record({
      ...{ fields, ignore_missing, on_error },
      secret: fc.constantFrom(undefined, 'pepper'),
      encoding: fc.constantFrom('hex', 'base64'),
    })
    .map((options) => made(topOf(options.fields), { type: 'hash', ...options })),
  fc.record({ reason: templates, on_error }).map((options) => made([], { type: 'reject', ...options })),
  fc
    .record({ base: templates, ignore_missing, on_error })
    .map((options) => made(['__index_base'], { type: 'route', ...options })),
  fc
    .record({ field, ignore_missing, on_error, default: fc.constantFrom(undefined, 'd') })
    .map((options) => made(['__index_base'], { type: 'route', ...options })),
  fc
    .record({
      ...{ target: field, ignore_missing, on_error },
      expression: fc.constantFrom(
        'a',
        '$',
        '**',
        '$string(a) & b',
        'a ~> $keys',
        '$map(*, $type)',
        '/a/',
        '$$.b[0]',
        '*.*',
      ),
    })
    .map((options) => made(topOf([options.target]), { type: 'jsonata', ...options })),
  fc
    .record({ on_error, expression: fc.constantFrom('$', 'a', '{"a": b}', '$merge([$, {"t": a}])') })
    .map((options) => made('all', { type: 'jsonata', ...options })),
);

const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TOP.map((name) => `"${name}"`), '"\\u0061"') },
  jsonString,
);
const member = fc.tuple(key, fc.oneof(jsonString, jsonValue(2))).map(([name, value]) => `${name} : ${value}`);
const record = fc.oneof(
  fc.array(member, { maxLength: 6 }).map((members) => ` { ${members.join(' ,\n')} } `),
  jsonText(2),
);

/** The members with these names left out, as they are spelled. */
function untouched(bytes: Buffer, touched: readonly string[]): string[] {
  return readMembers(bytes, bytes.indexOf('{'), bytes.lastIndexOf('}') + 1)
    .filter((each) => !touched.includes(each.key))
    .map(({ keyStart, valueEnd }) => bytes.toString('latin1', keyStart, valueEnd));
}

function isKnownFault(result: RunResult): boolean {
  return (
    result.kind === 'fail' &&
    result.error instanceof HandlerFailure &&
    (result.error.cause instanceof RecordFault || result.error.cause instanceof RecordRefusal)
  );
}

describe('any configured handlers and any record', () => {
  it('have one outcome, which is no fault of the program, and keep the bytes of what they do not name', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(record, fc.array(cases, { minLength: 1, maxLength: 3 }), async (text, chosen) => {
        const handlers = chosen.map(({ handler }) => handler);
        fc.pre(checkHandlers(handlers, testResources).length === 0);
        const before = Buffer.from(text);
        const context = new BaseContext<Buffer>({ record: before });
        const result = await context.run(
          compileChain(handlers, { resources: testResources, maxRecordBytes: 10_000_000 }),
        );

        expect(result.kind === 'next' || result.kind === 'stop' || isKnownFault(result)).toBe(true);
        expect(before.toString()).toBe(text);
        expect(isRecord(context.record)).toBe(true);
        const touched = chosen.map((each) => each.touched);
        if (result.kind === 'next' && !touched.includes('all')) {
          expect(untouched(context.record, touched.flat())).toEqual(untouched(before, touched.flat()));
        }
        changed += context.record.equals(before) ? 0 : 1;
      }),
      { numRuns: 3000, seed: 20_243 },
    );
    expect(changed).toBeGreaterThan(500);
  });
});
