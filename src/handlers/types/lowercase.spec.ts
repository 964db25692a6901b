import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const lowercase = (fields: unknown, more: object = {}) => ({ type: 'lowercase', fields, ...more });

describe('lowercase', () => {
  it.each<[string, string[], string, string]>([
    ['a text where it stands', ['a'], '{"x":1.0, "a" : "WARN" ,"y":2}', '{"x":1.0, "a" : "warn" ,"y":2}'],
    ['several fields', ['a', 'b.c'], '{"a":"A","b":{"c":"C","d":"D"}}', '{"a":"a","b":{"c":"c","d":"D"}}'],
    ['each text of an array', ['a'], '{"a":[ "A" , "b", "C\\n" ]}', '{"a":[ "a" , "b", "c\\n" ]}'],
    ['an element of an array', ['a.1'], '{"a":["A","B"]}', '{"a":["A","b"]}'],
    ['nothing in an empty array', ['a'], '{"a":[ ]}', '{"a":[ ]}'],
    ['nothing when the field is absent', ['a', 'b.c'], '{"x":"X"}', '{"x":"X"}'],
    ['nothing that is small, whose escapes stay', ['a'], '{"a":"\\u0061\\/b"}', '{"a":"\\u0061\\/b"}'],
    ['capitals that are spelled with escapes', ['a'], '{"a":"\\u0041\\""}', '{"a":"a\\""}'],
    ['letters of all languages alike', ['a'], '{"a":"ÄI İΣ"}', '{"a":"äi i̇ς"}'],
    ['letters beyond the basic plane', ['a'], '{"a":"😀𐐀"}', '{"a":"😀𐐨"}'],
    ['around half of a surrogate pair', ['a'], '{"a":"X\\ud800Y"}', '{"a":"x\\ud800y"}'],
    ['the last of several', ['a'], '{"a":"A","b":"B","a":"C"}', '{"b":"B","a":"c"}'],
    ['a name with a dot', ['a\\.b'], '{"a.b":"A"}', '{"a.b":"a"}'],
    ['the empty text', ['a'], '{"a":""}', '{"a":""}'],
    ['nothing of null', ['a', 'b'], '{"a":null,"b":"B"}', '{"a":null,"b":"b"}'],
    ['nothing of null in an array', ['a'], '{"a":[null,"B"]}', '{"a":[null,"b"]}'],
    [
      'what is in the last of several objects, which alone stays',
      ['a.b'],
      '{"a":{"b":"A"},"a":{"b":"B"}}',
      '{"a":{"b":"b"}}',
    ],
  ])('turns into small letters %s', async (_name, fields, before, after) => {
    expect(await handled(lowercase(fields), before)).toBe(after);
  });

  it.each([
    ['{"a":12345678901234567890}', 'a is the number 12345678901234567890; it should be a text or an array of texts'],
    ['{"a":{"b":"B"}}', 'a is an object; it should be a text or an array of texts'],
    ['{"a":["B",true]}', 'a.1 is true; it should be a text'],
    ['{"a":[["B"]]}', 'a.0 is an array; it should be a text'],
  ])('refuses %s', async (record, fault) => {
    expect(await handled(lowercase(['a']), record)).toBe(`rejected: handlers[0] (lowercase): ${fault}`);
  });

  it('changes no field of a record that it keeps because of another field', async () => {
    expect(await handled(lowercase(['a', 'b'], { on_error: 'keep' }), '{"a":"A","b":1}')).toBe('{"a":"A","b":1}');
  });

  it('refuses a record without one of the fields when all must be there', async () => {
    expect(await handled(lowercase(['a', 'b'], { ignore_missing: false }), '{"a":"A"}')).toBe(
      'rejected: handlers[0] (lowercase): the record has no field b',
    );
  });

  it.each([
    [lowercase(['a..b']), { field: 'handlers[0].fields', fault: expect.stringContaining('empty name') }],
    [lowercase('a'), { field: 'handlers[0].fields', fault: 'must be array' }],
    [lowercase([]), { field: 'handlers[0].fields', fault: 'must NOT have fewer than 1 items' }],
    [lowercase(['a'], { locale: 'tr' }), { field: 'handlers[0].locale', fault: 'is not an option of this type' }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
