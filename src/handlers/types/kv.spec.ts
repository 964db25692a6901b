import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const kv = (more: object = {}) => ({ type: 'kv', field: 'a', target: 'k', ...more });
const pairs = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(' ');

describe('kv', () => {
  it.each<[string, object, string, string]>([
    ['pairs', {}, 'b=1 c=x', '{"b":"1","c":"x"}'],
    ['values with the sign in them', {}, 'b=c=d', '{"b":"c=d"}'],
    ['values that are empty', {}, 'b= c=', '{"b":"","c":""}'],
    ['pairs with several separators between', {}, '  b=1   c=2 ', '{"b":"1","c":"2"}'],
    ['all values of a key, in order', {}, 'b=1 c=2 b=3 b=1', '{"b":["1","3","1"],"c":"2"}'],
    ['other separators', { field_split: '&', value_split: ':' }, 'b:1 2&c:=', '{"b":"1 2","c":"="}'],
    ['longer separators', { field_split: ', ', value_split: ' -> ' }, 'b -> 1, c -> 2,3', '{"b":"1","c":"2,3"}'],
    ['without characters around', { trim: '"<' }, '"b"="<x" c="y"z" ""d=""', '{"b":"x","c":"y\\"z","d":""}'],
    ['wanted keys', { include_keys: ['b', 'x'] }, 'b=1 c=2', '{"b":"1"}'],
    ['all but unwanted keys', { exclude_keys: ['b'] }, 'b=1 c=2', '{"c":"2"}'],
    ['wanted keys that are not unwanted', { include_keys: ['b', 'c'], exclude_keys: ['b'] }, 'b=1 c=2', '{"c":"2"}'],
    ['names with a prefix', { prefix: 'p.', include_keys: ['b'] }, 'b=1 p.b=2', '{"p.b":"1"}'],
    ['what has no key or sign only if it must', { unpaired: 'skip' }, 'GET b=1 =x', '{"b":"1"}'],
    ['characters of all planes', { value_split: '→', trim: '😀' }, '价→é😀 😀c→\u0000', '{"价":"é","c":"\\u0000"}'],
    ['halves of surrogate pairs', {}, 'b=\ud800 \udc00=x', '{"b":"\\ud800","\\udc00":"x"}'],
    ['names that mean something to a program', {}, '__proto__=1 constructor=2', '{"__proto__":"1","constructor":"2"}'],
    ['numbers as texts', {}, 'b=12345678901234567890 c=1e400', '{"b":"12345678901234567890","c":"1e400"}'],
  ])('reads %s', async (_name, more, text, fields) => {
    const start = `{"x":1.0, "a" : ${JSON.stringify(text)}`;
    expect(await handled(kv(more), `${start} }`)).toBe(`${start} ,"k":${fields}}`);
  });

  it.each<[string, object, string, string]>([
    ['at the top', { target: undefined }, '{"b" :1, "a":"b=2 c=3"}', '{"b" :"2", "a":"b=2 c=3","c":"3"}'],
    ['over all of several', { target: undefined }, '{"b":0,"x":1.0,"b":1,"a":"b=2"}', '{"x":1.0,"b":"2","a":"b=2"}'],
    ['without the text', { remove_source: true }, '{"a":"b=1","x":1}', '{"x":1,"k":{"b":"1"}}'],
    ['in the place of the text', { target: 'a' }, '{"a":"b=1","x":1}', '{"a":{"b":"1"},"x":1}'],
    ['over the target', { target: 'k.l' }, '{"k":{"l":{"z":1}},"a":"b=1"}', '{"k":{"l":{"b":"1"}},"a":"b=1"}'],
    ['from a nested field', { field: 'a.0' }, '{"a":["b=1"]}', '{"a":["b=1"],"k":{"b":"1"}}'],
    ['nothing of an empty text', {}, '{"a":""}', '{"a":""}'],
    ['nothing when no key is wanted', { include_keys: ['x'] }, '{"a":"b=1"}', '{"a":"b=1"}'],
    ['nothing when the field is absent', {}, '{"b":"c=1"}', '{"b":"c=1"}'],
    ['nothing of null', { ignore_missing: false, remove_source: true }, '{"a":null}', '{"a":null}'],
  ])('puts the fields %s', async (_name, more, before, after) => {
    expect(await handled(kv(more), before)).toBe(after);
  });

  it.each<[string, object, string, string]>([
    ['a part without the sign', {}, '{"a":"b=1 c"}', 'a has the part "c"; each should be a key, "=" and a value'],
    ['a part without a key', { trim: '"' }, '{"a":"\\"\\"=c"}', 'a has the part "\\"\\"=c"; each should be a key, "="'],
    ['an array', {}, '{"a":["b=1"]}', 'a is an array; it should be a text of keys and values'],
    ['no room', { target: 'x.y' }, '{"a":"b=1","x":0}', 'there is no room for x.y: a value on the way is no object'],
    ['more pairs than the limit', {}, `{"a":"${pairs(1001)}"}`, 'a has more than 1000 pairs, which is the limit'],
    ['more pairs of one key', {}, `{"a":"${'b=1 '.repeat(1001)}"}`, 'a has more than 1000 pairs, which is the limit'],
    ['a record without the field', { ignore_missing: false }, '{}', 'the record has no field a'],
  ])('refuses %s', async (_name, more, before, fault) => {
    expect(await handled(kv(more), before)).toContain(`rejected: handlers[0] (kv): ${fault}`);
  });

  it('reads as many pairs as the limit allows', async () => {
    expect(await handled(kv({ target: 'a' }), `{"a":"${pairs(1000)}"}`)).toMatch(/"k998":"v","k999":"v"}}$/);
  });

  it.each([
    [kv({ field_split: '=' }), { field: 'handlers[0].field_split', fault: 'must not be the same as value_split' }],
    [kv({ value_split: '' }), { field: 'handlers[0].value_split', fault: 'must NOT have fewer than 1 characters' }],
    [kv({ unpaired: 'drop' }), { field: 'handlers[0].unpaired', fault: 'must be one of error, skip' }],
    [kv({ target: 'a.' }), { field: 'handlers[0].target', fault: expect.stringContaining('empty name') }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
