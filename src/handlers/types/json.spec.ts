import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const json = (more: object = {}) => ({ type: 'json', field: 'a', ...more });
/** A record whose field `a` is this text. */
const holding = (text: string, rest = '') => `{${rest}"a":${JSON.stringify(text)}}`;
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('json', () => {
  it.each<[string, string]>([
    ['an object as it is laid out', '{ "b" : [1,\n 2] }'],
    ['numbers as they are spelled', '[1.50,12345678901234567890123e-2,-0,1e400]'],
    ['strings as they are spelled', '"\\u00e9\\/\\ud800"'],
    ['duplicate keys', '{"b":1,"b":2}'],
    ['characters of all planes', '{"价":"😀"}'],
    ['null', 'null'],
    ['false', 'false'],
    ['an empty array', '[]'],
    ['braces in strings', '"}{"'],
    ['names that mean something to a program', '{"__proto__":{"x":1},"constructor":2}'],
  ])('puts in the place of the text %s', async (_name, text) => {
    expect(await handled(json(), holding(text, '"x":1.0,'))).toBe(`{"x":1.0,"a":${text}}`);
  });

  it.each<[string, object, string, string]>([
    ['without the white space around it', {}, holding(' \n{"b":1}\t'), '{"a":{"b":1}}'],
    ['at a target', { target: 'b.c' }, holding('[1.0]'), '{"a":"[1.0]","b":{"c":[1.0]}}'],
    ['at a target that was something else', { target: 'b' }, holding('[]', '"b":{"c":1},'), '{"b":[],"a":"[]"}'],
    ['without the text', { target: 'b', remove_source: true }, holding('[1]'), '{"b":[1]}'],
    ['below the name of the text', { target: 'a.b', remove_source: true }, holding('[1]'), '{"a":{"b":[1]}}'],
    ['in its own place', { remove_source: true }, holding('[1]', '"a":0,"x":1,'), '{"x":1,"a":[1]}'],
    ['from a nested field', { field: 'b.0' }, '{"b":[ "[1]" ]}', '{"b":[ [1] ]}'],
    ['nothing when the field is absent', {}, '{"b":"[]"}', '{"b":"[]"}'],
    ['nothing of null', { target: 'b', ignore_missing: false, remove_source: true }, '{"a":null}', '{"a":null}'],
  ])('puts it %s', async (_name, more, before, after) => {
    expect(await handled(json(more), before)).toBe(after);
  });

  it.each<[string, string, string, string]>([
    ['its members', '{"b":1.0,"c":{ }}', '"x" : 1 ,', '{"x" : 1 ,"a":"…","b":1.0,"c":{ }}'],
    ['over fields that are there', '{"x":[2],"y":3}', '"x" : 1 ,', '{"x" : [2] ,"a":"…","y":3}'],
    ['over all of several', '{"x":2}', '"x":0 , "y":1.0, "\\u0078" : 1,', '{"y":1.0, "\\u0078" : 2,"a":"…"}'],
    ['the last of its own several', '{"b":1,"c":2,"b":3}', '', '{"a":"…","b":3,"c":2}'],
    ['nothing of an empty object', ' {} ', '"x" : 1 ,', '{"x" : 1 ,"a":"…"}'],
    ['over the text itself', '{"a":"b"}', '', '{"a":"b"}'],
    ['names with dots, which are one name', '{"x.y":1}', '"x":{"y":0},', '{"x":{"y":0},"a":"…","x.y":1}'],
  ])('merges %s', async (_name, text, rest, after) => {
    const written = after.replace('"…"', JSON.stringify(text));
    expect(await handled(json({ merge: true }), holding(text, rest))).toBe(written);
  });

  it('removes the text, but not what it held under the same name', async () => {
    const handler = json({ merge: true, remove_source: true });
    expect(await handled(handler, holding('{"a":1.0,"b":2}', '"a":0,'))).toBe('{"a":1.0,"b":2}');
  });

  it('spells half of a surrogate pair, which UTF-8 cannot hold, as an escape', async () => {
    expect(await handled(json(), '{"a":" [\\"x\\ud800\\"] "}')).toBe('{"a":["x\\ud800"]}');
    expect(await handled(json(), '{"a":"[\\"x\\\\\\ud800\\"]"}')).toContain('it should be a text that is JSON');
  });

  it.each([
    '',
    ' ',
    '{',
    '}',
    '{"a":1}}',
    '1,2',
    '1 2',
    '{"a":1,}',
    "{'a':1}",
    'NaN',
    '01',
    '"a',
    '\ufeff{}',
    '[1}',
    'tru',
  ])('refuses the text %j', async (text) => {
    expect(await handled(json(), holding(text))).toBe(
      `rejected: handlers[0] (json): a is the text ${JSON.stringify(text)}; it should be a text that is JSON`,
    );
  });

  it.each<[string, object, string, string]>([
    ['a number', {}, '{"a":12345678901234567890}', 'a is the number 12345678901234567890; it should be a text that'],
    ['an object', {}, '{"a":{}}', 'a is an object; it should be a text that is JSON'],
    ['an array', { merge: true }, holding('[]'), 'a is the text "[]"; it should be a text that is JSON, and an object'],
    [
      'no room',
      { target: 'x.y' },
      holding('[]', '"x":1,'),
      'there is no room for x.y: a value on the way is no object',
    ],
    ['a record without the field', { ignore_missing: false }, '{}', 'the record has no field a'],
  ])('refuses %s', async (_name, more, before, fault) => {
    expect(await handled(json(more), before)).toContain(`rejected: handlers[0] (json): ${fault}`);
  });

  it('makes no record deeper than a record may be', async () => {
    expect(await handled(json(), holding(deep(199)))).toBe(`{"a":${deep(199)}}`);
    expect(await handled(json(), holding(deep(200)))).toContain(
      'a is nested too deeply: a record has at most 200 levels',
    );
    expect(await handled(json({ target: 'b.c' }), holding(deep(199)))).toContain('too deeply');
    expect(await handled(json({ merge: true }), holding(`{"b":${deep(199)}}`))).toContain(`"b":${deep(199)}`);
    expect(await handled(json({ merge: true }), holding(`{"b":${deep(200)}}`))).toContain('too deeply');
    expect(await handled(json(), holding(deep(100_000)))).toContain('too deeply');
  });

  it.each([
    [json({ merge: true, target: 'b' }), { field: 'handlers[0].target', fault: expect.stringContaining('together') }],
    [json({ target: 'b..c' }), { field: 'handlers[0].target', fault: expect.stringContaining('empty name') }],
    [{ type: 'json' }, { field: 'handlers[0].field', fault: 'is missing' }],
  ])('refuses the options %j', (handler, fault) => {
    expect(checkHandlers([handler], testResources)).toEqual([fault]);
  });
});
