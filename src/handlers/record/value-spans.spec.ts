import { type FieldPath, parseFieldPath } from './field-path.js';
import { JsonDocument } from './json-document.js';
import { applyEdits, everyText, everyValue } from './value-spans.js';

function opened(json: string): JsonDocument {
  const document = new JsonDocument();
  document.open(Buffer.from(json));
  return document;
}

describe('everyValue', () => {
  it.each<[string, string, string[]]>([
    [' {"a" : 1 } ', 'a', ['1']],
    ['{"a":1,"b":2,"\\u0061":[3]}', 'a', ['1', '[3]']],
    ['{"a":{"b":1,"b":2},"a":{"b":3},"a":4}', 'a.b', ['1', '2', '3']],
    ['{"a":[{"b":1},{"b":2}]}', 'a.1.b', ['2']],
    ['{"a":{"1":"x"},"a":["y","z"]}', 'a.1', ['"x"', '"z"']],
    ['{"a":[1]}', 'a.1', []],
    ['{"a":[ ]}', 'a.0', []],
    ['{"a":"}"}', 'a', ['"}"']],
    ['{}', 'a', []],
  ])('of %s at %s', (json, path, values) => {
    const { bytes } = opened(json);
    const spans = everyValue(opened(json), parseFieldPath(path) as FieldPath);

    expect(spans.map(({ start, end }) => bytes.toString('utf8', start, end))).toEqual(values);
  });
});

describe('everyText', () => {
  it.each<[string, string[]]>([
    ['{"a":"x","b" : ["y",{"c":"z"}, 1]}', ['"x"', '"y"', '"z"']],
    ['{"a\\"":"\\"b\\\\","c":"\\\\"}', ['"\\"b\\\\"', '"\\\\"']],
    ['{"a" \n : ":","b":"" }', ['":"', '""']],
    ['{"a":1}', []],
  ])('of %s', (json, texts) => {
    const bytes = Buffer.from(json);
    const spans = everyText(bytes, { start: 0, end: bytes.length });

    expect(spans.map(({ start, end }) => json.slice(start, end))).toEqual(texts);
  });
});

describe('applyEdits', () => {
  it('puts all in, whatever their order, an outer one before those within it', () => {
    const record = opened('{"a":1,"b":[2,3]}');
    applyEdits(record, [
      { start: 14, end: 15, json: '"inner"' },
      { start: 11, end: 16, json: '"outer"' },
      { start: 5, end: 6, json: '"价"' },
    ]);

    expect(record.bytes.toString()).toBe('{"a":"价","b":"outer"}');
  });

  it('leaves the bytes alone when there is none', () => {
    const record = opened('{"a":1}');
    const { bytes } = record;
    applyEdits(record, []);

    expect(record.bytes).toBe(bytes);
  });
});
