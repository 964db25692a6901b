import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const remove = (fields: unknown, more: object = {}) => ({ type: 'remove', fields, ...more });

describe('remove', () => {
  it.each<[string, string[], string, string]>([
    ['a field and the comma after it', ['a'], '{ "a":1.0 , "b" : 2 }', '{ "b" : 2 }'],
    ['the last field and the comma before it', ['b'], '{ "a" : 1.0 , "b":2 }', '{ "a" : 1.0  }'],
    ['the only field', ['a'], ' {"a":1}\n', ' {}\n'],
    [
      'nothing that is absent',
      ['x', 'a.x', 'b.0', 'c.2'],
      '{"a":{"b":1},"b":"0","c":[1, 2]}',
      '{"a":{"b":1},"b":"0","c":[1, 2]}',
    ],
    ['null', ['a'], '{"a":null,"b":null}', '{"b":null}'],
    ['a nested field', ['a.b.c'], '{"a":{"b":{"c":1},"d":2}}', '{"a":{"b":{},"d":2}}'],
    ['an object and all in it', ['a'], '{"a":{"b":[{"a":1}]},"c":"}"}', '{"c":"}"}'],
    ['an element, after which the others move up', ['a.0'], '{"a":[1, 2, 3]}', '{"a":[2, 3]}'],
    ['elements one after the other', ['a.0', 'a.1'], '{"a":[1, 2, 3]}', '{"a":[2]}'],
    ['a field of an element', ['a.1.b'], '{"a":[{"b":1},{"b":2,"c":3}]}', '{"a":[{"b":1},{"c":3}]}'],
    ['a name that is a number', ['0'], '{"0":1,"00":2}', '{"00":2}'],
    ['a huge number and nothing of another one', ['a'], '{"a":12345678901234567890,"b":1e400}', '{"b":1e400}'],
    ['every member with the name', ['a'], '{"a":1,"b":2,"a":3,"a":4}', '{"b":2}'],
    [
      'the field out of every object with the name',
      ['u.p'],
      '{"u":{"p":"x"},"n":1,"u":{"p":"y","q":2}}',
      '{"u":{},"n":1,"u":{"q":2}}',
    ],
    [
      'the field out of every object on the way',
      ['u.v.p'],
      '{"u":{"v":{"p":1},"v":{"p":2}},"u":{"v":[{"p":3}],"p":4}}',
      '{"u":{"v":{},"v":{}},"u":{"v":[{"p":3}],"p":4}}',
    ],
    ['the field out of those that do not count', ['u.p'], '{"u":{"p":"x"},"u":"other"}', '{"u":{},"u":"other"}'],
    ['names with dots', ['x\\.y'], '{"x.y":1,"x":{"y":2}}', '{"x":{"y":2}}'],
    ['names with backslashes', ['x\\\\'], '{"x\\\\":1,"x":2}', '{"x":2}'],
    ['names that are spelled with escapes', ['a', 'q"'], '{"\\u0061":1,"q\\"":2,"b":3}', '{"b":3}'],
    ['names of all planes', ['价', '😀'], '{"价":1,"y":2,"\\ud83d\\ude00":3}', '{"y":2}'],
    ['several fields, of which one is in another', ['a.b', 'a'], '{"a":{"b":1},"c":2}', '{"c":2}'],
  ])('takes away %s', async (_name, fields, before, after) => {
    expect(await handled(remove(fields), before)).toBe(after);
  });

  it('takes nothing away where its condition is not met', async () => {
    const handler = remove(['a'], { when: { field: 'a', equals: null } });
    expect([await handled(handler, '{"a" : 1}'), await handled(handler, '{"a" : null}')]).toEqual(['{"a" : 1}', '{}']);
  });

  it.each([
    [remove('a'), { field: 'handlers[0].fields', fault: 'must be array' }],
    [remove([]), { field: 'handlers[0].fields', fault: 'must NOT have fewer than 1 items' }],
    [remove(['a', 'a']), { field: 'handlers[0].fields', fault: expect.stringContaining('duplicate') }],
    [remove(['a..b']), { field: 'handlers[0].fields', fault: expect.stringContaining('empty name') }],
    [remove(['a\\b']), { field: 'handlers[0].fields', fault: expect.stringContaining('backslash') }],
    [remove(['x'.repeat(513)]), { field: 'handlers[0].fields[0]', fault: 'must NOT have more than 512 characters' }],
    [
      remove(['a'], { ignore_missing: true }),
      { field: 'handlers[0].ignore_missing', fault: 'is not an option of this type' },
    ],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
