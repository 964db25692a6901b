import { hash } from 'node:crypto';
import type { IndexBase } from '../../domain/index-base.js';
import { JsonScanner, Scan } from '../ensure/json-scanner.js';
import { Annotator, type AnnotatorOptions } from './annotator.js';

const TIME = 1_735_689_600_123;
const ID = `p1[3]@42-${TIME}`;

interface Given extends Partial<AnnotatorOptions>, Partial<IndexBase> {
  offset?: number;
  timestamp?: number;
}

const baseOf = ({ baseType = 'web', dataType = 'access', category = 'log' }: Given): IndexBase => ({
  baseType,
  name: 'Web',
  dataType,
  category,
});

/** Annotates into the middle of a buffer that is just as large as promised, and reads the two lines back. */
function annotate(text: string | Buffer, given: Given = {}) {
  const scanner = new JsonScanner();
  const bytes = Buffer.from(text);
  expect(scanner.scan(bytes, 0, bytes.length)).toBe(Scan.ok);
  const annotator = new Annotator({ pipelineId: 'p1', useIndexBaseInData: false, documentVersion: 'none', ...given });
  const base = baseOf(given);
  const named = annotator.prepare(bytes, scanner);
  const out = Buffer.alloc(5 + annotator.maxEncodedBytes(bytes.length, base), '#');
  const origin = { partition: 3, offset: given.offset ?? 42, timestamp: given.timestamp ?? TIME };
  const end = annotator.encode(origin, base, out, 5);
  const { encoded } = annotator;
  expect(out.toString('utf8', 0, 5)).toBe('#####');
  const lines = out.toString('utf8', 5, end);
  const document = out.toString('utf8', encoded.documentStart, encoded.documentEnd);
  return { named, end, lines, action: lines.slice(0, lines.indexOf('\n')), document, encoded };
}

/** What is added to a record that brings nothing of its own. */
function added({ category = '"log"', timestamp = String(TIME), id = `"${ID}"`, more = '' } = {}): string {
  return (
    `"__pipeline_id":"p1","__index_base":"web","__data_type":"access","__category":${category},` +
    `"__write_time":${TIME},"@timestamp":${timestamp},"__id":${id}${more}`
  );
}

const action = (id = `"${ID}"`, more = ''): string => `{"index":{"_index":"mdl-web","_id":${id}${more}}}`;
const md5 = (text: string): string => hash('md5', text, 'hex');

describe('Annotator: the two lines', () => {
  it('writes an action line and the document with the annotations before its closing brace', () => {
    const { lines, encoded } = annotate('{"a":1.0,"b":[1e2]}');
    expect(lines).toBe(`${action()}\n{"a":1.0,"b":[1e2],${added()}}\n`);
    expect(encoded).toMatchObject({
      id: ID,
      hasOwnId: false,
      routing: '',
      outputBytes: undefined,
      rejection: undefined,
    });
  });

  it.each([
    ['{}', `{${added()}}`],
    ['{  }', `{  ${added()}}`],
    [' {"a":1 } ', ` {"a":1 ,${added()}} `],
    ['{"big":9007199254740993,"x":1.10}', `{"big":9007199254740993,"x":1.10,${added()}}`],
    ['{"a":1,"a":2}', `{"a":1,"a":2,${added()}}`],
  ])('keeps the bytes of %s', (text, document) => {
    expect(annotate(text).document).toBe(document);
  });

  it('turns raw line breaks into spaces in the bulk body and keeps them for the output', () => {
    const { document, lines, encoded } = annotate('{\r\n  "a": "x\\n",\n  "b": [\n]\n}\n');
    expect(lines.match(/[\r\n]/g)).toHaveLength(2);
    expect(document).toBe(`{    "a": "x\\n",   "b": [ ] ,${added()}} `);
    expect(encoded.outputBytes?.toString()).toBe(`{\r\n  "a": "x\\n",\n  "b": [\n]\n,${added()}}\n`);
  });

  it('spells ids and names as JSON', () => {
    const { lines } = annotate('{}', { dataType: 'a"b\nü', category: 'c\\' });
    expect(JSON.parse(lines.split('\n')[1] ?? '')).toMatchObject({ __data_type: 'a"b\nü', __category: 'c\\' });
  });

  it.each([
    [0, 0, 0],
    [2147483648, 1, 999_999_999],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1_000_000_000],
    [1_000_000_000_000, -1, 10],
  ])('writes numbers of any size (%d, %d, %d)', (offset, timestamp) => {
    const { document, encoded } = annotate('{}', { offset, timestamp });
    expect(encoded.id).toBe(`p1[3]@${offset}-${timestamp}`);
    expect(JSON.parse(document)).toMatchObject({ __id: encoded.id, __write_time: timestamp, '@timestamp': timestamp });
  });
});

describe('Annotator: what it replaces', () => {
  const names = ['__pipeline_id', '__index_base', '__data_type', '__write_time', '@timestamp'];
  it.each(names)('replaces %s wherever it stands', (name) => {
    const own = `"${name}":{"x":[1,"}"]}`;
    expect(annotate(`{${own},"a":1,"b":2}`).document).toBe(`{"a":1,"b":2,${added()}}`);
    expect(annotate(`{"a":1,${own},"b":2}`).document).toBe(`{"a":1,"b":2,${added()}}`);
    expect(annotate(`{"a":1,"b":2,${own}}`).document).toBe(`{"a":1,"b":2,${added()}}`);
    expect(annotate(`{${own}}`).document).toBe(`{${added()}}`);
  });

  it('replaces several, duplicates, and those spelled with escapes', () => {
    const text =
      '{"\\u005f_pipeline_id":1,"a":1,"__write_time":1,"__write_time":2,"b":2,"@timest\\u0061mp":"x","__data_type":[]}';
    expect(annotate(text).document).toBe(`{"a":1,"b":2,${added()}}`);
  });

  it('leaves white space and commas right', () => {
    const text =
      '{ "__write_time" : 1 , "a" : 1 , "__write_time" : 2 , "__data_type" : 3 , "b" : 2 , "__index_base" : 1 }';
    expect(annotate(text).document).toBe(`{ "a" : 1 , "b" : 2 , ${added()}}`);
    expect(annotate('{ "__write_time" : 1 , "__data_type" : 3 }').document).toBe(`{ ${added()}}`);
  });

  it('leaves alone what it does not annotate, and all that is not at the top level', () => {
    const text = '{"__tsid":1,"__routing":2,"labels":{"a":1},"Duration":3,"category":4,"in":{"__id":5}}';
    expect(annotate(text).document).toBe(`${text.slice(0, -1)},${added()}}`);
  });
});

describe('Annotator: index base from data', () => {
  it.each([
    ['{"__index_base":"other"}', 'other'],
    ['{"__index_base":"a","__index_base":"b"}', 'b'],
    ['{"__index_base":"\\u0061\\"b"}', 'a"b'],
    ['{"__index_base":""}', ''],
    ['{"__index_base":7}', ''],
    ['{"__index_base":"a","__index_base":null}', ''],
    ['{"a":"__index_base"}', ''],
  ])('%s names "%s"', (text, named) => {
    expect(annotate(text, { useIndexBaseInData: true }).named).toBe(named);
    expect(annotate(text, { useIndexBaseInData: false }).named).toBe('');
  });

  it('writes the base that is used', () => {
    const { document, action } = annotate('{"__index_base":"x"}', { useIndexBaseInData: true, baseType: 'other' });
    expect(JSON.parse(document)).toMatchObject({ __index_base: 'other' });
    expect(JSON.parse(action)).toMatchObject({ index: { _index: 'mdl-other' } });
  });
});

describe('Annotator: __category', () => {
  it.each([
    ['{"__category":"a","category":"b"}', '{"category":"b",', '"a"'],
    ['{"category":"b"}', '{"category":"b",', '"b"'],
    ['{"category":"a","category":"\\u0062"}', '{"category":"a","category":"\\u0062",', '"\\u0062"'],
    ['{"__category":"a","__category":"b"}', '{', '"b"'],
    ['{"__category":"","category":"b"}', '{"category":"b",', '"b"'],
    ['{"__category":5,"category":"b"}', '{"category":"b",', '"b"'],
    ['{"__category":null,"category":""}', '{"category":"",', '"log"'],
    ['{"category":{"a":1}}', '{"category":{"a":1},', '"log"'],
  ])('of %s', (text, kept, category) => {
    expect(annotate(text).document).toBe(`${kept}${added({ category })}}`);
  });
});

describe('Annotator: @timestamp', () => {
  it.each([
    ['"2025-01-01T08:00:00.9999+08:00"', '1735689600999'],
    ['"1969-12-31T23:59:59Z"', '-1000'],
    ['1735689600', '1735689600'],
    ['-5', '-5'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1.5', String(TIME)],
    ['1e3', String(TIME)],
    ['"1735689600"', String(TIME)],
    ['"yesterday"', String(TIME)],
    ['""', String(TIME)],
    ['null', String(TIME)],
    ['{"a":1}', String(TIME)],
  ])('%s becomes %s', (value, timestamp) => {
    expect(annotate(`{"@timestamp":${value},"a":1}`).document).toBe(`{"a":1,${added({ timestamp })}}`);
  });

  it('takes the last of two', () => {
    expect(annotate('{"@timestamp":1,"@timestamp":2}').document).toBe(`{${added({ timestamp: '2' })}}`);
    expect(annotate('{"@timestamp":1,"@timestamp":"x"}').document).toBe(`{${added()}}`);
  });
});

describe('Annotator: __id', () => {
  it.each([
    ['"order 1"', '"order 1"', 'order 1'],
    ['"a\\"b\\\\\\u00e9\\n"', '"a\\"b\\\\\\u00e9\\n"', 'a"b\\é\n'],
    ['"日本"', '"日本"', '日本'],
    ['7', '"7"', '7'],
    ['-0', '"-0"', '-0'],
    ['12345678901234567890123', '"12345678901234567890123"', '12345678901234567890123'],
    [`"${'x'.repeat(512)}"`, `"${'x'.repeat(512)}"`, 'x'.repeat(512)],
    [`"${'\\u0041'.repeat(512)}"`, `"${'\\u0041'.repeat(512)}"`, 'A'.repeat(512)],
    [`"${'日'.repeat(170)}ab"`, `"${'日'.repeat(170)}ab"`, `${'日'.repeat(170)}ab`],
  ])('takes over %s', (value, inAction, id) => {
    const { lines, encoded } = annotate(`{"a":1,"__id":${value}}`);
    expect(lines).toBe(`${action(inAction)}\n{"a":1,${added({ id: value })}}\n`);
    expect(encoded).toMatchObject({ id, hasOwnId: true });
  });

  it('takes the last of two', () => {
    expect(annotate('{"__id":null,"__id":"b"}').encoded.id).toBe('b');
    expect(annotate('{"__id":"b","__id":null}').encoded.rejection).toBeDefined();
  });

  it.each([
    ['""', '__id is an empty string'],
    [`"${'x'.repeat(513)}"`, '__id is 513 bytes long, the limit is 512'],
    [`"${'日'.repeat(171)}"`, '__id is 513 bytes long, the limit is 512'],
    [`"${'\\u0041'.repeat(513)}"`, '__id is more than 512 bytes long, the limit is 512'],
    ['1'.repeat(513), '__id is 513 bytes long, the limit is 512'],
    ['"a\\ud800"', '__id has half of a surrogate pair, which UTF-8 cannot hold'],
    ['null', '__id is null, not a string or an integer'],
    ['true', '__id is a boolean, not a string or an integer'],
    ['1.0', '__id is a number with a fraction or an exponent, not a string or an integer'],
    ['1e3', '__id is a number with a fraction or an exponent, not a string or an integer'],
    ['{"a":1}', '__id is an object, not a string or an integer'],
    ['[]', '__id is an array, not a string or an integer'],
  ])('refuses %s', (value, reason) => {
    const { encoded, end } = annotate(`{"__id":${value}}`);
    expect(encoded.rejection).toEqual({ code: 'DOCUMENT_ID_INVALID', reason, stage: 'annotate', index: 'mdl-web' });
    expect(end).toBe(5);
  });

  it('adds the offset as version, only for an own id and only when asked to', () => {
    const version = ',"version":42,"version_type":"external_gte"';
    expect(annotate('{"__id":"a"}', { documentVersion: 'offset' }).action).toBe(action('"a"', version));
    expect(annotate('{}', { documentVersion: 'offset' }).action).toBe(action());
    expect(annotate('{"__id":"a"}').action).toBe(action('"a"'));
  });
});

describe('Annotator: metrics', () => {
  const metric: Given = { category: 'metric' };
  const tsid = md5('a=x,b=1.0');
  const window = Math.floor(TIME / 1000 / 7200);
  const series = (routing = `${tsid}-${window}`): string =>
    `,"__tsid":"${routing.split('-')[0]}","__routing":"${routing}"`;

  it('derives series and routing from the labels', () => {
    const { lines, encoded } = annotate('{"labels":{"b":1.0,"a":"x"},"v":1}', metric);
    expect(lines).toBe(
      `${action(undefined, `,"routing":"${tsid}-${window}"`)}\n` +
        `{"labels":{"b":1.0,"a":"x"},"v":1,${added({ category: '"metric"', more: series() })}}\n`,
    );
    expect(encoded.routing).toBe(`${tsid}-${window}`);
  });

  it('replaces a series and routing of the record', () => {
    const { document } = annotate('{"__routing":1,"labels":{"b":1.0,"a":"x"},"__tsid":"y"}', metric);
    expect(document).toBe(`{"labels":{"b":1.0,"a":"x"},${added({ category: '"metric"', more: series() })}}`);
  });

  it.each([
    ['{"b":"\\u0031","a":"x\\n"}', 'a=x\n,b=1'],
    ['{"a":null,"b":true,"c":[1, 2],"d":{ }}', 'a=null,b=true,c=[1, 2],d={ }'],
    ['{"a":1,"a":2}', 'a=2'],
    ['{"__proto__":"p","é":"ü"}', '__proto__=p,é=ü'],
    ['{"n":12345678901234567890}', 'n=12345678901234567890'],
    ['{"b":1,"B":2,"a-b":3,"a":4}', 'B=2,a-b=3,a=4,b=1'],
  ])('takes %s as %j', (labels, text) => {
    expect(JSON.parse(annotate(`{"labels":${labels}}`, metric).document)).toMatchObject({ __tsid: md5(text) });
  });

  it.each([
    ['{"prometheus":{"labels":{"a":1}}}', '{"prometheus":{},'],
    ['{"prometheus":{ "x":1 , "labels":{"a":1}}}', '{"prometheus":{ "x":1},'],
    ['{"prometheus":{"labels":{"a":1} , "x":1},"y":2}', '{"prometheus":{"x":1},"y":2,'],
    ['{"prometheus":{"w":0,"labels":{"a":1},"x":1 },"y":2}', '{"prometheus":{"w":0,"x":1 },"y":2,'],
    ['{"prometheus":{"labels":1,"w":0,"labels":2,"labels":{"a":1}},"y":2}', '{"prometheus":{"w":0},"y":2,'],
    ['{"prometheus":{"labels":{},"labels":{"a":1} }}', '{"prometheus":{ },'],
    ['{"__id":"i","prometheus":{"lab\\u0065ls":{"a":1}},"__tsid":1}', '{"prometheus":{},'],
  ])('moves the labels of %s to the top level', (text, kept) => {
    const { document } = annotate(text, metric);
    expect(document.slice(0, kept.length)).toBe(kept);
    expect(JSON.parse(document)).toMatchObject({ labels: { a: 1 }, __tsid: md5('a=1') });
    expect(document.match(/"a":1/g)).toHaveLength(1);
  });

  it.each([
    '{"labels":{}}',
    '{"labels":"a"}',
    '{"labels":null,"prometheus":{"labels":{"a":1}}}',
    '{"prometheus":{"labels":[1]}}',
    '{"prometheus":{"labels":{"a":1},"labels":{}}}',
    '{"prometheus":"labels"}',
    '{"__tsid":"own","v":1}',
  ])('leaves %s without series and routing', (text) => {
    const { document, encoded } = annotate(text, metric);
    expect(document).toBe(`${text.slice(0, -1)},${added({ category: '"metric"' })}}`);
    expect(encoded.routing).toBe('');
  });

  it('prefers the labels at the top level, and then leaves those of prometheus', () => {
    const { document } = annotate('{"prometheus":{"labels":{"a":1}},"labels":{"b":2}}', metric);
    expect(JSON.parse(document)).toMatchObject({
      prometheus: { labels: { a: 1 } },
      labels: { b: 2 },
      __tsid: md5('b=2'),
    });
  });

  it.each([
    ['7199999', 0],
    ['7200000', 1],
    ['-1', -1],
    ['-7200000', -1],
    ['-7200001', -2],
    ['9007199254740993', 1250999896],
    ['123456789012345678901', '17146776251714'],
    ['9'.repeat(1000), window],
    ['"2025-01-01T00:00:00Z"', 241068],
  ])('routes the time %s to window %s', (time, expected) => {
    const { encoded } = annotate(`{"labels":{"a":1},"@timestamp":${time}}`, metric);
    expect(encoded.routing).toBe(`${md5('a=1')}-${expected}`);
  });

  it('goes by the category of the record', () => {
    expect(annotate('{"labels":{"a":1},"category":"m\\u0065tric"}').encoded.routing).not.toBe('');
    expect(annotate('{"labels":{"a":1},"category":"log"}', metric).encoded.routing).toBe('');
  });
});

describe('Annotator: traces', () => {
  const trace: Given = { category: 'trace' };
  const of = (text: string): Record<string, unknown> => {
    const { document } = annotate(text, trace);
    return JSON.parse(document.replace(/"Duration":(-?\d+)/, '"Duration":"$1"')) as Record<string, unknown>;
  };

  it.each([
    ['1735689600123456789', TIME],
    ['"1735689600123456789"', TIME],
    ['999999', 0],
    ['-1500000', -1],
    ['18446744073709551615', 18446744073709],
  ])('takes StartTime %s for the time', (start, expected) => {
    expect(of(`{"StartTime":${start},"@timestamp":5}`)).toMatchObject({ '@timestamp': expected });
  });

  it.each(['1.5', '1e18', '"x"', '""', '"1 "', 'null', '{}', '18446744073709551616', '1'.repeat(30)])(
    'does not take StartTime %s for a time',
    (start) => {
      expect(of(`{"StartTime":${start},"EndTime":7,"@timestamp":5}`)).toMatchObject({ '@timestamp': 5 });
      expect(of(`{"StartTime":${start},"EndTime":7}`)).not.toHaveProperty('Duration');
    },
  );

  it.each([
    ['1735689600123456789', '1735689600123456790', '1'],
    ['"1735689600123456789"', '1735689600123456700', '-89'],
    ['0', '"18446744073709551615"', '18446744073709551615'],
  ])('adds the exact duration of %s to %s', (start, end, duration) => {
    expect(of(`{"StartTime":${start},"EndTime":${end}}`)).toMatchObject({ Duration: duration });
  });

  it('keeps a duration that is there', () => {
    const text = '{"StartTime":1,"EndTime":3,"Duration":null}';
    const document = `${text.slice(0, -1)},${added({ category: '"trace"', timestamp: '0' })}}`;
    expect(annotate(text, trace).document).toBe(document);
  });

  it.each([
    ['{"TraceID":"abc"}', 'abc'],
    ['{"TraceID":"a","TraceID":"\\u0062\\n\\""}', 'b\n"'],
    ['{"TraceID":"日\\ud800"}', '日\ufffd'],
    ['{"TraceID":""}', ''],
    ['{"TraceID":7}', ''],
    ['{"x":{"TraceID":"a"}}', ''],
    ['"TraceID"', ''],
    ['{}', ''],
  ])('routes SpanContext %s to %j', (context, routing) => {
    const { encoded, action: line, document } = annotate(`{"SpanContext":${context}}`, trace);
    expect(encoded.routing).toBe(routing);
    const { index } = JSON.parse(line) as { index: { routing?: string } };
    expect(index.routing ?? '').toBe(routing);
    expect(document).not.toContain('__routing');
  });

  it('does nothing of this for other categories', () => {
    const text = '{"StartTime":1,"EndTime":3,"SpanContext":{"TraceID":"a"}}';
    expect(annotate(text).document).toBe(`${text.slice(0, -1)},${added()}}`);
    expect(annotate(text).encoded.routing).toBe('');
  });
});

describe('Annotator: room', () => {
  const long = (count: number, unit = 'x'): string => unit.repeat(count);
  it.each([
    ['{}', {}],
    [`{"__id":"${long(512)}"}`, {}],
    [`{"__id":"${long(512, '\\u0041')}"}`, { documentVersion: 'offset' }],
    [`{"category":"${long(5000)}","__id":${long(512, '9')}}`, {}],
    [`{"labels":{"a":1},"@timestamp":-${long(39, '9')}}`, { category: 'metric' }],
    [`{"prometheus":{"labels":{"a":"${long(9000)}"}},"category":"metric"}`, {}],
    [
      `{"StartTime":"-9223372036854775808","EndTime":18446744073709551615,"SpanContext":{"TraceID":"${long(3000, '\\u0001')}"}}`,
      { category: 'trace' },
    ],
  ] as [string, Given][])('promises enough for %.60s', (text, given) => {
    const far = { offset: Number.MAX_SAFE_INTEGER, timestamp: Number.MIN_SAFE_INTEGER };
    // Written into a buffer of exactly that size; a byte too many would be lost.
    const { lines } = annotate(text, { ...given, ...far });
    const [first, second, rest] = lines.split('\n');
    expect(() => [JSON.parse(first ?? ''), JSON.parse(second ?? '')] as unknown).not.toThrow();
    expect(rest).toBe('');
  });

  it('reuses its result without a trace of the record before', () => {
    const annotator = new Annotator({ pipelineId: 'p1', useIndexBaseInData: false, documentVersion: 'none' });
    const scanner = new JsonScanner();
    const out = Buffer.alloc(4096);
    const encode = (text: string, given: Given): string => {
      const bytes = Buffer.from(text);
      scanner.scan(bytes, 0, bytes.length);
      annotator.prepare(bytes, scanner);
      const end = annotator.encode({ partition: 3, offset: 42, timestamp: TIME }, baseOf(given), out, 0);
      return out.toString('utf8', 0, end);
    };
    encode('{\n"__id":"x","prometheus":{"labels":{"a":1}}}', { category: 'metric' });
    encode('{"StartTime":1,"EndTime":2,"SpanContext":{"TraceID":"t"}}', { category: 'trace' });
    encode('{"__id":null}', {});
    expect(encode('{"a":1}', {})).toBe(`${action()}\n{"a":1,${added()}}\n`);
    expect(annotator.encoded).toMatchObject({
      id: ID,
      hasOwnId: false,
      routing: '',
      outputBytes: undefined,
      rejection: undefined,
    });
  });
});
