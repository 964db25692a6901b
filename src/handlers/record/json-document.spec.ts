import { type FieldPath, parseFieldPath } from './field-path.js';
import { JsonDocument } from './json-document.js';

function at(text: string): FieldPath {
  const path = parseFieldPath(text);
  if (typeof path === 'string') {
    throw new Error(path);
  }
  return path;
}

function opened(json: string): JsonDocument {
  const document = new JsonDocument();
  document.open(Buffer.from(json));
  return document;
}

const shown = (document: JsonDocument) => document.bytes.toString();

describe('JsonDocument', () => {
  describe('read', () => {
    it.each<[string, string, string | undefined]>([
      ['{"a":1.50}', 'a', '1.50'],
      ['{"a":{"b":[1,{"c":"x"}]}}', 'a.b.1.c', '"x"'],
      [' { "a" : { "b" : null } } ', 'a.b', 'null'],
      ['{"a":1,"a":2}', 'a', '2'],
      [String.raw`{"\u0061":3}`, 'a', '3'],
      [String.raw`{"a\"":3}`, 'a"', '3'],
      [String.raw`{"x\" y":3,"x\\":4}`, String.raw`x\\`, '4'],
      ['{"价":3}', '价', '3'],
      ['{"a.b":1,"a":{"b":2}}', String.raw`a\.b`, '1'],
      ['{"a.b":1,"a":{"b":2}}', 'a.b', '2'],
      ['{}', 'a', undefined],
      ['{"ab":1}', 'a', undefined],
      ['{"a":1}', 'a.b', undefined],
      ['{"a":[1]}', 'a.1', undefined],
      ['{"a":[]}', 'a.0', undefined],
      ['{"a":[1]}', 'a.x', undefined],
      ['{"a":{"0":5}}', 'a.0', '5'],
    ])('in %s finds at %s the value %s', (json, path, expected) => {
      expect(opened(json).read(at(path))?.toString()).toBe(expected);
    });

    it('decodes texts, and nothing else', () => {
      const document = opened(String.raw`{"a":"\u00fc\n","b":1}`);

      expect([document.text(at('a')), document.text(at('b')), document.text(at('c'))]).toEqual([
        'ü\n',
        undefined,
        undefined,
      ]);
    });

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
    ])('in %s finds at %s all of %j', (json, path, values) => {
      const document = opened(json);

      expect(document.findAll(at(path)).map(({ start, end }) => document.bytes.toString('utf8', start, end))).toEqual(
        values,
      );
    });
  });

  describe('set', () => {
    it.each<[string, string, string, string]>([
      ['{}', 'a', '1', '{"a":1}'],
      ['{ }', 'a', '1', '{ "a":1}'],
      ['{"n":12345678901234567890 , "a":1}', 'a', '"x"', '{"n":12345678901234567890 , "a":"x"}'],
      ['{"a":1}', 'b.c.d', 'true', '{"a":1,"b":{"c":{"d":true}}}'],
      ['{"a":{"x":1.0}}', 'a.y', '2', '{"a":{"x":1.0,"y":2}}'],
      ['{"a":[1,2]}', 'a.1', '3', '{"a":[1,3]}'],
      ['{"a":1,"b":0,"a":2}', 'a', '3', '{"b":0,"a":3}'],
      ['{"a":1}', 'q"', '2', String.raw`{"a":1,"q\"":2}`],
      ['\n{"a":1}\n', 'b', '2', '\n{"a":1,"b":2}\n'],
      ['{"a":{"b":1,"x":1},"c":0,"a":{"x":2}}', 'a.b', '3', '{"c":0,"a":{"x":2,"b":3}}'],
      ['{"a":{"b":1},"a":{"b":2,"x":0,"b":3}}', 'a.b', '4', '{"a":{"x":0,"b":4}}'],
      ['{"a":1,"a":{"b":1}}', 'a.b', '2', '{"a":{"b":2}}'],
    ])('in %s at %s to %s makes %s', (json, path, value, expected) => {
      const document = opened(json);

      expect(document.set(at(path), Buffer.from(value))).toBe(true);
      expect(shown(document)).toBe(expected);
    });

    it.each<[string, string]>([
      ['{"a":1}', 'a.b'],
      ['{"a":null}', 'a.b.c'],
      ['{"a":[1]}', 'a.1'],
      ['{"a":[1]}', 'a.x'],
      ['{"a":{"b":1},"a":1}', 'a.b'],
    ])('changes nothing in %s at %s, where there is no room', (json, path) => {
      const document = opened(json);

      expect(document.set(at(path), Buffer.from('2'))).toBe(false);
      expect(shown(document)).toBe(json);
    });
  });

  describe('remove', () => {
    it.each<[string, string, string]>([
      ['{"a":1}', 'a', '{}'],
      ['{ "a":1 , "b":2 }', 'a', '{ "b":2 }'],
      ['{ "a":1 , "b":2 }', 'b', '{ "a":1  }'],
      ['{"a":1,"b":2,"a":3,"c":4,"a":5}', 'a', '{"b":2,"c":4}'],
      ['{"x":0,"a":{"b":1}}', 'a.b', '{"x":0,"a":{}}'],
      ['{ "a":1 , "a":2 }', 'a', '{  }'],
      ['{"b":2 , "a":3 , "a":5 }', 'a', '{"b":2  }'],
      ['{"a":1,"b":2 , "a":3 , "a":5 }', 'a', '{"b":2  }'],
      ['{"a":{"b":1,"x":2},"c":0,"a":{"x":3,"b":4}}', 'a.b', '{"a":{"x":2},"c":0,"a":{"x":3}}'],
      ['{"a":[1,2],"a":{"0":3},"a":4}', 'a.0', '{"a":[2],"a":{},"a":4}'],
      ['{"a":[1,2,3]}', 'a.1', '{"a":[1,3]}'],
      ['{"a":[1,2,3]}', 'a.2', '{"a":[1,2]}'],
      ['{"x":1,"a":[[1,2]]}', 'a.0', '{"x":1,"a":[]}'],
    ])('from %s takes %s', (json, path, expected) => {
      const document = opened(json);

      expect(document.remove(at(path))).toBe(true);
      expect(shown(document)).toBe(expected);
    });

    it('does nothing where nothing is', () => {
      const document = opened('{"a":{"b":1}}');

      expect(document.remove(at('a.c'))).toBe(false);
      expect(shown(document)).toBe('{"a":{"b":1}}');
    });
  });

  describe('move', () => {
    it.each<[string, string, string, string]>([
      ['{"x" : 1.0, "y":2}', 'x', 'ü"', '{"ü\\"" : 1.0, "y":2}'],
      ['{"x":1,"y":2}', 'x', 'y', '{"y":1}'],
      ['{"x":1,"y":2,"x":3}', 'x', 'z', '{"y":2,"z":3}'],
      ['{"a":{"x":1.50,"y":2}}', 'a.x', 'a.z', '{"a":{"z":1.50,"y":2}}'],
      ['{"a":{"x":1.50}}', 'a.x', 'b.c', '{"a":{},"b":{"c":1.50}}'],
      ['{"a":{"x":1}}', 'a', 'b', '{"b":{"x":1}}'],
      ['{"a":[1,2]}', 'a.0', 'b', '{"a":[2],"b":1}'],
      ['{"b":5,"a":{"x":1}}', 'a.x', 'b', '{"b":1,"a":{}}'],
      ['{"a":{"x":1,"y":2},"a":{"x":3}}', 'a.x', 'a.y', '{"a":{"y":3}}'],
      ['{"a":{"x":1},"a":{"x":3,"y":0}}', 'a.x', 'b', '{"a":{},"a":{"y":0},"b":3}'],
    ])('in %s from %s to %s', (json, from, to, expected) => {
      const document = opened(json);

      expect(document.move(at(from), at(to))).toBe(true);
      expect(shown(document)).toBe(expected);
    });

    it.each<[string, string, string]>([
      ['{"a":1}', 'b', 'c'],
      ['{"a":1,"b":2}', 'a', 'b.c'],
      ['{"a":1,"b":[]}', 'a', 'b.0'],
    ])('changes nothing in %s from %s to %s, where there is no value or no room', (json, from, to) => {
      const document = opened(json);

      expect(document.move(at(from), at(to))).toBe(false);
      expect(shown(document)).toBe(json);
    });
  });
});
