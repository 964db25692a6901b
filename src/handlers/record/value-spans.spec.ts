import { JsonDocument } from './json-document.js';
import { applyEdits, everyText } from './value-spans.js';

function opened(json: string): JsonDocument {
  const document = new JsonDocument();
  document.open(Buffer.from(json));
  return document;
}

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
