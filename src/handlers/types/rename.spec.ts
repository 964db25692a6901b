import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const rename = (from: string, to: string, more: object = {}) => ({ type: 'rename', from, to, ...more });

describe('rename', () => {
  it.each<[string, string, string, string, string]>([
    ['a field where it stands', 'a', 'b', '{"x":1,"a" : 1.50 ,"y":2}', '{"x":1,"b" : 1.50 ,"y":2}'],
    ['nothing when the field is absent', 'a', 'b', '{"x":1}', '{"x":1}'],
    ['null', 'a', 'b', '{"a":null}', '{"b":null}'],
    ['an object', 'a', 'b', '{"a":{"n":[1, 2]}}', '{"b":{"n":[1, 2]}}'],
    ['an array', 'a', 'b', '{"a":[1,{"c":2}]}', '{"b":[1,{"c":2}]}'],
    ['a nested field', 'http.code', 'http.status', '{"http":{"code":200,"x":1}}', '{"http":{"status":200,"x":1}}'],
    ['into an object that is made', 'code', 'http.status', '{"code":200}', '{"http":{"status":200}}'],
    ['out of an object', 'http.code', 'code', '{"http":{"code":200}}', '{"http":{},"code":200}'],
    ['an element of an array', 'a.0', 'first', '{"a":["x","y"]}', '{"a":["y"],"first":"x"}'],
    ['over a field that is there', 'a', 'b', '{"b":1,"a":2}', '{"b":2}'],
    ['the last of several', 'a', 'b', '{"a":1,"a":2}', '{"b":2}'],
    ['to characters of all planes', 'a', '价格😀', '{"a":1}', '{"价格😀":1}'],
    ['a key that is spelled with escapes', 'a', 'b', '{"\\u0061":1}', '{"b":1}'],
    ['a name with a dot', 'a', 'x\\.y', '{"a":1}', '{"x.y":1}'],
    ['a number beyond a double', 'a', 'b', '{"a":12345678901234567890123e-2}', '{"b":12345678901234567890123e-2}'],
    ['text with escapes', 'a', 'b', '{"a":"\\u00e9\\n\\ud800"}', '{"b":"\\u00e9\\n\\ud800"}'],
  ])('renames %s', async (_name, from, to, before, after) => {
    expect(await handled(rename(from, to), before)).toBe(after);
  });

  it('refuses a record without the field when it must be there', async () => {
    expect(await handled(rename('a', 'b', { ignore_missing: false }), '{"x":1}')).toBe(
      'rejected: handlers[0] (rename): the record has no field a',
    );
  });

  it('refuses a record that has no room for the new place', async () => {
    expect(await handled(rename('a', 'b.c'), '{"a":1,"b":2}')).toBe(
      'rejected: handlers[0] (rename): there is no room for b.c: a value on the way is no object',
    );
  });

  it.each([
    [rename('a', 'a.b'), { field: 'handlers[0].to', fault: 'must be a place outside a' }],
    [rename('a', 'a'), { field: 'handlers[0].to', fault: 'must be a place outside a' }],
    [rename('a..b', 'c'), { field: 'handlers[0].from', fault: expect.stringContaining('empty name') }],
    [
      { type: 'rename', from: 'a' },
      { field: 'handlers[0].to', fault: 'is missing' },
    ],
    [rename('a', 'b', { ignore: 1 }), { field: 'handlers[0].ignore', fault: 'is not an option of this type' }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
