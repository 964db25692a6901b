import { handled } from '../../../test/factories/handled.js';

const trim = (fields: string[], more: object = {}) => ({ type: 'trim', fields, ...more });

describe('trim', () => {
  it.each<[string, string[], string, string]>([
    ['both ends', ['a'], '{"x":1.0,"a" : " b c  " }', '{"x":1.0,"a" : "b c" }'],
    ['a nested field', ['a.b'], '{"a":{"b":" b","c":" c"}}', '{"a":{"b":"b","c":" c"}}'],
    ['each text of an array', ['a'], '{"a":[" a", "b","c "]}', '{"a":["a", "b","c"]}'],
    ['nothing when the field is absent', ['a'], '{"x":" x"}', '{"x":" x"}'],
    ['nothing without white space, whose escapes stay', ['a'], '{"a":"\\u0041\\/"}', '{"a":"\\u0041\\/"}'],
    ['line breaks and tabs, which are escapes', ['a'], '{"a":"\\r\\n\\tb\\u0020\\n"}', '{"a":"b"}'],
    ['white space of all languages', ['a'], '{"a":"\u00a0\u3000\u2028b\ufeff"}', '{"a":"b"}'],
    ['no control characters, which are none', ['a'], '{"a":"\\u0000 b\\u200b"}', '{"a":"\\u0000 b\\u200b"}'],
    ['around halves of surrogate pairs', ['a'], '{"a":" \\udc00\\ud800 "}', '{"a":"\\udc00\\ud800"}'],
    ['all of a text of white space', ['a'], '{"a":"  "}', '{"a":""}'],
    ['the last of several', ['a'], '{"a":" a","a":" b"}', '{"a":"b"}'],
    ['nothing of null', ['a'], '{"a":null}', '{"a":null}'],
    ['nothing of null in an array', ['a'], '{"a":[null," b"]}', '{"a":[null,"b"]}'],
    ['a name with a dot', ['a\\.b'], '{"a.b":" x"}', '{"a.b":"x"}'],
    ['a name with a quote', ['a"'], '{"a\\"":" b"}', '{"a\\"":"b"}'],
  ])('takes off %s', async (_name, fields, before, after) => {
    expect(await handled(trim(fields), before)).toBe(after);
  });

  it.each([
    ['{"a":false}', 'a is false; it should be a text or an array of texts'],
    ['{"a":[" x",{}]}', 'a.1 is an object; it should be a text'],
    ['{}', 'the record has no field a'],
  ])('refuses %s', async (record, fault) => {
    expect(await handled(trim(['a'], { ignore_missing: false }), record)).toBe(
      `rejected: handlers[0] (trim): ${fault}`,
    );
  });
});
