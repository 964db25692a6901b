import fc from 'fast-check';
import { jsonNumber, jsonString, jsonText, jsonValue } from '../../../test/factories/json-text.js';
import { FIELD_NAMES } from '../ensure/field.js';
import { JsonScanner, Scan } from '../ensure/json-scanner.js';
import { readMembers } from '../../json/members.js';
import { Annotator } from './annotator.js';

type Parsed = Record<string, unknown>;

const TIME = 1_735_689_600_123;
const ORIGIN = { partition: 3, offset: 42, timestamp: TIME };
const ALWAYS = ['__pipeline_id', '__index_base', '__data_type', '__category', '__write_time', '@timestamp', '__id'];

/** Spells some characters of a key as escapes. */
const spelled = (key: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: key.length, maxLength: key.length })
    .map((flags) =>
      [...key].map((c, i) => (flags[i] ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join(''),
    );
const fieldKey = fc
  .constantFrom(...FIELD_NAMES)
  .chain((name) => fc.oneof({ weight: 4, arbitrary: fc.constant(name as string) }, spelled(name)))
  .map((key) => `"${key}"`);

const labels = fc
  .array(fc.tuple(fc.oneof(jsonString, fc.constant('"labels"')), jsonValue(1)), { maxLength: 3 })
  .map((members) => `{${members.map(([key, value]) => `${key} :${value}`).join('\n,')}}`);
const prometheus = fc
  .array(
    fc.oneof(
      labels.map((value) => `"labels": ${value}`),
      jsonValue(1).map((value) => `"x":${value}`),
    ),
    {
      maxLength: 3,
    },
  )
  .map((members) => `{ ${members.join(' , ')} }`);
const value = fc.oneof(
  jsonValue(2),
  jsonNumber,
  jsonString,
  labels,
  prometheus,
  fc.constantFrom('"metric"', '"trace"', '"log"', '1735689600123456789', '"1735689600123456789"', '{"TraceID":"t"}'),
  fc.date({ noInvalidDate: true }).map((date) => JSON.stringify(date)),
);
const member = fc.tuple(fc.oneof(fieldKey, jsonString), value).map(([key, text]) => `${key}: ${text}`);
const record = fc.oneof(
  fc.array(member, { maxLength: 8 }).map((members) => `{${members.join(' ,\n ')} }\n`),
  jsonText(),
);
const category = fc.constantFrom('log', 'metric', 'trace');

interface Annotated {
  lines: string;
  document: Buffer;
  output: Buffer;
  annotator: Annotator;
}

/** Undefined when the record is refused. */
function annotate(bytes: Buffer, baseCategory: string): Annotated | undefined {
  const scanner = new JsonScanner();
  expect(scanner.scan(bytes, 0, bytes.length)).toBe(Scan.ok);
  const annotator = new Annotator({ pipelineId: 'p1', useIndexBaseInData: true, documentVersion: 'offset' });
  const base = { baseType: 'web', name: 'Web', dataType: 'access', category: baseCategory };
  annotator.prepare(bytes, scanner);
  const out = Buffer.alloc(annotator.maxEncodedBytes(bytes.length, base));
  const end = annotator.encode(ORIGIN, base, out, 0);
  const { encoded } = annotator;
  if (encoded.rejection) {
    expect(end).toBe(0);
    return undefined;
  }
  expect(end).toBeLessThanOrEqual(out.length);
  const document = out.subarray(encoded.documentStart, encoded.documentEnd);
  return { lines: out.toString('utf8', 0, end), document, output: encoded.outputBytes ?? document, annotator };
}

/** The members of a record as they stand in it, after their keys. */
function spellings(bytes: Buffer): { key: string; text: string }[] {
  const start = bytes.indexOf('{');
  return readMembers(bytes, start, bytes.lastIndexOf('}') + 1).map(({ key, keyStart, valueEnd }) => ({
    key,
    text: bytes.toString('utf8', keyStart, valueEnd),
  }));
}

const isObject = (given: unknown): given is Parsed =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const isFilled = (given: unknown): given is string => typeof given === 'string' && given !== '';

function categoryOf(input: Parsed, baseCategory: string): string {
  return [input['__category'], input['category']].find(isFilled) ?? baseCategory;
}

/** Names that the annotations of this record take the place of. */
function replacedNames(document: Parsed, input: Parsed, kind: string): Set<string> {
  const own = isObject(input['labels']) ? input['labels'] : undefined;
  const inner = isObject(input['prometheus']) ? input['prometheus']['labels'] : undefined;
  const found = 'labels' in input ? own : isObject(inner) ? inner : undefined;
  const hasSeries = kind === 'metric' && found !== undefined && Object.keys(found).length > 0;
  if (hasSeries) {
    expect(document['__tsid']).toMatch(/^[0-9a-f]{32}$/);
    expect(document['__routing']).toMatch(new RegExp(`^${String(document['__tsid'])}-(0|-?[1-9][0-9]*)$`));
    expect(document['labels']).toEqual(found);
  }
  return new Set(hasSeries ? [...ALWAYS, '__tsid', '__routing'] : ALWAYS);
}

describe('Annotator on any record', () => {
  const isMoved = (key: string, input: Parsed, kind: string): boolean =>
    key === 'prometheus' && kind === 'metric' && !('labels' in input);

  it('keeps every byte of the members that it does not replace, in order, and adds each annotation once', () => {
    fc.assert(
      fc.property(record, category, (text, baseCategory) => {
        const bytes = Buffer.from(text);
        const annotated = annotate(bytes, baseCategory);
        fc.pre(annotated !== undefined);
        const input = JSON.parse(text) as Parsed;
        const document = JSON.parse(annotated.output.toString()) as Parsed;
        const kind = categoryOf(input, baseCategory);
        const replaced = replacedNames(document, input, kind);

        const untouched = spellings(bytes).filter(({ key }) => !replaced.has(key));
        const result = spellings(annotated.output);
        const kept = result.slice(0, untouched.length);
        expect(kept.map(({ key }) => key)).toEqual(untouched.map(({ key }) => key));
        kept.forEach((after, index) => {
          if (!isMoved(after.key, input, kind)) {
            expect(after.text).toBe(untouched[index]?.text);
          }
        });
        const added = result.slice(untouched.length).map(({ key }) => key);
        expect(added.slice(0, ALWAYS.length)).toEqual(ALWAYS);
        expect(new Set(added).size).toBe(added.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('says what the rules say, judged by a parsed copy', () => {
    fc.assert(
      fc.property(record, category, (text, baseCategory) => {
        const annotated = annotate(Buffer.from(text), baseCategory);
        fc.pre(annotated !== undefined);
        const input = JSON.parse(text) as Parsed;
        const document = JSON.parse(annotated.document.toString()) as Parsed;
        expect(document).toMatchObject({
          __pipeline_id: 'p1',
          __index_base: 'web',
          __data_type: 'access',
          __category: categoryOf(input, baseCategory),
          __write_time: TIME,
        });
        expect(document['__id']).toEqual('__id' in input ? input['__id'] : `p1[3]@42-${TIME}`);
        expect(annotated.annotator.encoded.hasOwnId).toBe('__id' in input);
        expect(typeof document['@timestamp']).toBe('number');
      }),
      { numRuns: 3000 },
    );
  });

  it('writes exactly two lines, the document the same as the output but for white space', () => {
    fc.assert(
      fc.property(record, category, (text, baseCategory) => {
        const annotated = annotate(Buffer.from(text), baseCategory);
        fc.pre(annotated !== undefined);
        expect(annotated.lines.match(/[\r\n]/g)).toEqual(['\n', '\n']);
        const [action, document, rest] = annotated.lines.split('\n');
        expect(rest).toBe('');
        expect(document).toBe(annotated.output.toString().replace(/[\r\n]/g, ' '));
        const { encoded } = annotated.annotator;
        expect(JSON.parse(action ?? '')).toEqual({
          index: {
            _index: 'mdl-web',
            _id: encoded.id,
            ...(encoded.routing === '' ? {} : { routing: encoded.routing }),
            ...(encoded.hasOwnId ? { version: 42, version_type: 'external_gte' } : {}),
          },
        });
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses an own id exactly when it is none', () => {
    const id = fc.oneof(
      jsonString,
      jsonNumber,
      jsonValue(1),
      fc.string({ maxLength: 600 }).map((t) => JSON.stringify(t)),
    );
    fc.assert(
      fc.property(id, (spelling) => {
        const parsed = JSON.parse(spelling) as unknown;
        const length = typeof parsed === 'string' ? Buffer.byteLength(parsed) : 0;
        const isText = typeof parsed === 'string' && length >= 1 && length <= 512 && parsed.isWellFormed();
        const isInteger = /^-?[0-9]{1,511}$/.test(spelling);
        const annotated = annotate(Buffer.from(`{"__id":${spelling}}`), 'log');
        expect(annotated !== undefined).toBe(isText || isInteger);
        if (annotated) {
          expect(annotated.annotator.encoded.id).toBe(isText ? parsed : spelling);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
