import { handled } from '../../../test/factories/handled.js';

const uppercase = (fields: string[], more: object = {}) => ({ type: 'uppercase', fields, ...more });

describe('uppercase', () => {
  it.each<[string, string[], string, string]>([
    ['a text where it stands', ['a'], '{"x":1.0, "a" : "warn" ,"y":2}', '{"x":1.0, "a" : "WARN" ,"y":2}'],
    ['a nested field', ['a.b'], '{"a":{"b":"b","c":"c"}}', '{"a":{"b":"B","c":"c"}}'],
    ['each text of an array', ['a'], '{"a":["a", "B","c"]}', '{"a":["A", "B","C"]}'],
    ['nothing when the field is absent', ['a'], '{"x":"x"}', '{"x":"x"}'],
    ['nothing that is large, whose escapes stay', ['a'], '{"a":"\\u0041\\/"}', '{"a":"\\u0041\\/"}'],
    ['letters of all languages alike', ['a'], '{"a":"ı i äß"}', '{"a":"I I ÄSS"}'],
    ['letters beyond the basic plane', ['a'], '{"a":"😀𐐨"}', '{"a":"😀𐐀"}'],
    ['around half of a surrogate pair', ['a'], '{"a":"x\\udc00"}', '{"a":"X\\udc00"}'],
    ['escapes without touching what they mean', ['a'], '{"a":"a\\n\\u0000\\\\n"}', '{"a":"A\\n\\u0000\\\\N"}'],
    ['the last of several', ['a'], '{"a":"a","a":"b"}', '{"a":"B"}'],
    ['a key that is spelled with escapes', ['a'], '{"\\u0061":"b"}', '{"\\u0061":"B"}'],
    ['the empty text', ['a'], '{"a":""}', '{"a":""}'],
    ['nothing of null', ['a'], '{"a":null}', '{"a":null}'],
    ['nothing of null in an array', ['a'], '{"a":[null,"b"]}', '{"a":[null,"B"]}'],
    ['a name with a dot', ['a\\.b'], '{"a.b":"x","a":{"b":"y"}}', '{"a.b":"X","a":{"b":"y"}}'],
  ])('turns into capitals %s', async (_name, fields, before, after) => {
    expect(await handled(uppercase(fields), before)).toBe(after);
  });

  it.each([
    ['{"a":true}', 'a is true; it should be a text or an array of texts'],
    ['{"a":{"b":"x"}}', 'a is an object; it should be a text or an array of texts'],
    ['{"a":[1e400]}', 'a.0 is the number 1e400; it should be a text'],
    ['{"b":"x"}', 'the record has no field a'],
  ])('refuses %s', async (record, fault) => {
    expect(await handled(uppercase(['a'], { ignore_missing: false }), record)).toBe(
      `rejected: handlers[0] (uppercase): ${fault}`,
    );
  });
});
