import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const keep = (fields: unknown, more: object = {}) => ({ type: 'keep', fields, ...more });

describe('keep', () => {
  it.each<[string, string[], string, string]>([
    ['fields in the order of the record', ['c', 'a'], '{"a":1.50,"b":2,"c":"x"}', '{"a":1.50,"c":"x"}'],
    ['all bytes when nothing goes', ['a', 'b'], ' { "a" : 1 ,\n "b":2 } ', ' { "a" : 1 ,\n "b":2 } '],
    ['the layout', ['b', 'd'], '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4\n}', '{\n  "b": 2,\n  "d": 4\n}'],
    ['nothing that is absent', ['x', 'a.x', 'b.y'], '{"a":1,"b":{"c":2}}', '{}'],
    ['nested fields with what is around', ['a.b.c'], '{"a":{"b":{"c":1,"d":2},"e":3}}', '{"a":{"b":{"c":1}}}'],
    ['whole objects', ['a', 'a.b'], '{"a":{"b":1,"c":{}},"d":0}', '{"a":{"b":1,"c":{}}}'],
    ['whole objects that were named later', ['a.b', 'a'], '{"a":{"b":1,"c":2},"d":0}', '{"a":{"b":1,"c":2}}'],
    ['elements of arrays', ['a.2', 'a.0.x'], '{"a":[{"x":1,"y":2}, 5, [6]]}', '{"a":[{"x":1}, [6]]}'],
    ['no array without its elements', ['a.3'], '{"a":[1,2]}', '{}'],
    ['null and huge numbers', ['a', 'b'], '{"a":null,"x":0,"b":1e400}', '{"a":null,"b":1e400}'],
    ['the last of several', ['a'], '{"a":1,"b":2,"a":3}', '{"a":3}'],
    ['the last of several that come first', ['b', 'c'], '{"b":1,"a":2,"b":3,"c":4}', '{"b":3,"c":4}'],
    ['nothing that an earlier object of the name has', ['a.b'], '{"a":{"b":1},"a":{"x":2}}', '{}'],
    [
      'names with escapes',
      ['a', 'q"', 'x\\.y'],
      '{"\\u0061":1,"q\\"":2,"x.y":3,"x":{"y":4}}',
      '{"\\u0061":1,"q\\"":2,"x.y":3}',
    ],
    ['names of all planes', ['价', '😀'], '{"价":1,"y":2,"\\ud83d\\ude00":3}', '{"价":1,"\\ud83d\\ude00":3}'],
    ['what begins with two underscores', ['a'], '{"__id":"7","a":1,"_b":2,"c":{"__x":3}}', '{"__id":"7","a":1}'],
  ])('keeps %s', async (_name, fields, before, after) => {
    expect(await handled(keep(fields), before)).toBe(after);
  });

  it('keeps nothing that begins with two underscores when told so', async () => {
    expect(await handled(keep(['a', '__y'], { keep_reserved: false }), '{"__x":1,"a":2,"__y":3}')).toBe(
      '{"a":2,"__y":3}',
    );
  });

  it.each([
    [keep(['a..b']), { field: 'handlers[0].fields', fault: expect.stringContaining('empty name') }],
    [keep([]), { field: 'handlers[0].fields', fault: 'must NOT have fewer than 1 items' }],
    [{ type: 'keep' }, { field: 'handlers[0].fields', fault: 'is missing' }],
    [keep(['a'], { keep_reserved: 1 }), { field: 'handlers[0].keep_reserved', fault: 'must be boolean' }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
