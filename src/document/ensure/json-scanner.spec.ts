import { Field, FIELD_NAMES, type FieldName } from './field.js';
import { MAX_DEPTH } from '../../json/json-walk.js';
import { JsonScanner, Scan } from './json-scanner.js';

const scanner = new JsonScanner();

function scan(text: string): number {
  const bytes = Buffer.from(text);
  return scanner.scan(bytes, 0, bytes.length);
}

/** Name and value of every hit, as they stand in the bytes. */
function hits(): string[] {
  return Array.from({ length: scanner.hitCount }, (_, hit) => {
    const value = scanner.bytes.toString('utf8', scanner.valueStartAt(hit), scanner.valueEndAt(hit));
    return `${FIELD_NAMES[scanner.fieldAt(hit)]}=${value}`;
  });
}

function lastValueOf(name: FieldName): string | undefined {
  const hit = scanner.lastHitOf(Field[name]);
  return hit < 0 ? undefined : hits()[hit];
}

const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);

describe('JsonScanner: what is a JSON object', () => {
  it.each([
    '{}',
    ' \t\r\n{ } \n',
    '{"a":1}',
    '{"":""}',
    '{"a":-0.0e+10,"b":[],"c":[{}],"d":[1,[2,{"e":null}],true,false]}',
    '{"a":"\\u00e9\\n\\/\\"\\\\","b":"é日本😀"}',
    '{"a":1E400,"b":123456789012345678901234567890}',
    '{ "a" : [ 1 , 2 ] , "b" : { "c" : "d" } }',
    '{"a":"\\ud800"}',
    '{"a":"}"}',
  ])('accepts %j', (text) => {
    expect(scan(text)).toBe(Scan.ok);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it.each([
    '',
    ' ',
    '[]',
    '1',
    'null',
    '"a"',
    'text',
    '{',
    '}',
    '{}}',
    '{{}',
    '{} {}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    "{'a':1}",
    '{a:1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":1e}',
    '{"a":-}',
    '{"a":0x1}',
    '{"a":NaN}',
    '{"a":tru}',
    '{"a":nulll}',
    '{"a":"\n"}',
    '{"a":"\t"}',
    '{"a":"\u0000"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":"\\u123g"}',
    '{"a":"\\u12}',
    '{"a":"b}',
    '{"a":"b\\"}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":[}',
    '{"a":[1}',
    '{"a":{"b":1]}',
    '{"a":{"b":1}',
    '{"a":{}',
    '{"a":1}\u00a0',
    '\ufeff{"a":1}',
    '{"a":1}//',
    '{"a":\u000b1}',
  ])('refuses %j', (text) => {
    expect(scan(text)).toBe(Scan.notObject);
  });

  it('allows 200 levels and calls valid JSON beyond them too deep', () => {
    expect(scan(nested(MAX_DEPTH))).toBe(Scan.ok);
    expect(scan(nested(MAX_DEPTH + 1))).toBe(Scan.tooDeep);
    expect(scan(`{"a":${'['.repeat(MAX_DEPTH - 1)}${']'.repeat(MAX_DEPTH - 1)}}`)).toBe(Scan.ok);
    expect(scan(`{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`)).toBe(Scan.tooDeep);
    expect(scan(nested(500_000))).toBe(Scan.tooDeep);
  });

  it('calls a deep text that is no JSON no object, and recovers', () => {
    expect(scan(`{"a":${'['.repeat(500_000)}}`)).toBe(Scan.notObject);
    expect(scan('{"a":[[]]}')).toBe(Scan.ok);
  });

  it('looks at its range alone', () => {
    const bytes = Buffer.from('[{"a":{"__id":1}},{"b":2}]');
    expect(scanner.scan(bytes, 1, 17)).toBe(Scan.ok);
    expect(scanner.closeAt).toBe(16);
    expect(scanner.scan(bytes, 1, 16)).toBe(Scan.notObject);
    expect(scanner.scan(bytes, 18, 25)).toBe(Scan.ok);
    expect(scanner.scan(bytes, 0, 17)).toBe(Scan.notObject);
    expect(scanner.scan(bytes, 5, 5)).toBe(Scan.notObject);
  });
});

describe('JsonScanner: what it notes', () => {
  it('knows the closing brace, emptiness and raw line breaks', () => {
    scan(' {  } ');
    expect(scanner).toMatchObject({ isEmpty: true, closeAt: 4, hasLineBreaks: false });
    scan('{"a":{}}');
    expect(scanner).toMatchObject({ isEmpty: false, closeAt: 7, hasLineBreaks: false });
  });

  it.each(['\n{"a":1}', '{"a":1}\n', '{\r"a":1}', '{"a"\n:1}', '{"a":[1,\n2]}', '{"a":1\n}', '{"a":{\r\n}}', '{\n}'])(
    'sees the line break in %j',
    (text) => {
      expect(scan(text)).toBe(Scan.ok);
      expect(scanner.hasLineBreaks).toBe(true);
    },
  );

  it('takes an escaped line break in a string for none', () => {
    scan('{"a":"\\n\\r"}');
    expect(scanner.hasLineBreaks).toBe(false);
  });

  it('lists every field at the top level, and none below it', () => {
    const members = FIELD_NAMES.map((name, index) => `"${name}":${index}`);
    scan(`{"x":{"__id":"inner","labels":{}},${members.join(',')},"y":["__id"]}`);
    expect(hits()).toEqual(FIELD_NAMES.map((name, index) => `${name}=${index}`));
  });

  it('recognises keys that are spelled with escapes', () => {
    scan('{"\\u005f_id":1,"__\\u0069\\u0064":2,"@timest\\u0061mp":3,"\\u005F\\u005fid":4}');
    expect(hits()).toEqual(['__id=1', '__id=2', '@timestamp=3', '__id=4']);
  });

  it.each([
    '__Id',
    '__idx',
    '_id',
    '__i',
    'ID',
    '__id\\n',
    '\\u005fid',
    '__category2',
    'Labels',
    '__write_tim\\u0066',
    '',
  ])('takes the key "%s" for none of its fields', (key) => {
    expect(scan(`{"${key}":1}`)).toBe(Scan.ok);
    expect(scanner.hitCount).toBe(0);
  });

  it('is not misled by keys that are endless', () => {
    expect(scan(`{"_${'x'.repeat(100_000)}":1,"\\u005f${'\\u005f'.repeat(100_000)}":1,"__id":7}`)).toBe(Scan.ok);
    expect(hits()).toEqual(['__id=7']);
  });

  it('lists duplicates and knows the last', () => {
    scan('{"__id":1,"a":0,"__id":2,"__id":3}');
    expect(hits()).toEqual(['__id=1', '__id=2', '__id=3']);
    expect(lastValueOf('__id')).toBe('__id=3');
  });

  it('lists more duplicates than it has room for at first, and forgets them', () => {
    scan(`{${Array.from({ length: 20_000 }, (_, index) => `"__id":${index}`).join(',')}}`);
    expect(scanner.hitCount).toBe(20_000);
    expect(lastValueOf('__id')).toBe('__id=19999');
    scan('{"labels":1}');
    expect(hits()).toEqual(['labels=1']);
    expect(lastValueOf('__id')).toBeUndefined();
  });

  it('knows where the next member stands', () => {
    scan('{ "__id" : 1 , "a" : 2 , "__tsid" : 3 }');
    expect([scanner.keyStartAt(0), scanner.nextAt(0)]).toEqual([2, 15]);
    expect([scanner.keyStartAt(1), scanner.nextAt(1)]).toEqual([25, scanner.closeAt]);
  });

  it('forgets the record before, also when the next one is no object', () => {
    scan('{"__id":1}');
    scan('nothing');
    expect(scanner.hitCount).toBe(0);
    expect(lastValueOf('__id')).toBeUndefined();
  });
});
