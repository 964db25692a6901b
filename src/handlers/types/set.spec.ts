import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const set = (field: string, more: object) => ({ type: 'set', field, ...more });
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('set', () => {
  it.each<[string, string, object, string, string]>([
    ['a text', 'a', { value: 'é"\n' }, '{"x":1.50}', '{"x":1.50,"a":"é\\"\\n"}'],
    ['null', 'a', { value: null }, '{"a" : 1 ,"b":2}', '{"a" : null ,"b":2}'],
    ['false', 'a', { value: false }, '{}', '{"a":false}'],
    ['an object', 'a', { value: { b: [1, { c: '' }] } }, '{"a":1}', '{"a":{"b":[1,{"c":""}]}}'],
    ['half of a surrogate pair', 'a', { value: '\ud800' }, '{}', '{"a":"\\ud800"}'],
    ['a nested field', 'a.b', { value: 1 }, '{"a":{"x":1.0}}', '{"a":{"x":1.0,"b":1}}'],
    ['a field in objects that are made', 'a.b.c', { value: 1 }, '{ }', '{ "a":{"b":{"c":1}}}'],
    ['an element of an array', 'a.1', { value: 'y' }, '{"a":[ 1, 2 ]}', '{"a":[ 1, "y" ]}'],
    ['one of several', 'a', { value: 3 }, '{"a":1,"b":0,"a":2}', '{"b":0,"a":3}'],
    ['a field of another type', 'a', { value: 3 }, '{"a":{"b":1}}', '{"a":3}'],
    ['only what is absent', 'a', { value: 3, overwrite: false }, '{"b":1}', '{"b":1,"a":3}'],
    ['nothing that is there', 'a', { value: 3, overwrite: false }, '{"a" :null}', '{"a" :null}'],
  ])('sets to a constant %s', async (_name, field, more, before, after) => {
    expect(await handled(set(field, more), before)).toBe(after);
  });

  it.each<[string, string, string, string]>([
    ['texts', '{m} of {u.n}', '{"m":"GET","u":{"n":"Ann"}}', '"GET of Ann"'],
    ['texts with escapes', '<{m}>', '{"m":"\\u0041\\n\\"\\\\"}', '"<A\\n\\"\\\\>"'],
    ['numbers as they are spelled', '{m}', '{"m":12345678901234567890.10e+2}', '"12345678901234567890.10e+2"'],
    ['booleans', '{m}', '{"m":true}', '"true"'],
    ['a field twice', '{m}{m}', '{"m":"a"}', '"aa"'],
    ['the last of several', '{m}', '{"m":"a","m":"b"}', '"b"'],
    ['names with dots', '{m\\.x}', '{"m.x":"a"}', '"a"'],
    ['elements of arrays', '{m.1}', '{"m":["a","b"]}', '"b"'],
    ['nothing at all', 'just text', '{}', '"just text"'],
    ['nothing and no text', '', '{}', '""'],
    ['braces', '{{m}} {{{m}}}', '{"m":"a"}', '"{m} {a}"'],
    ['halves that make a surrogate pair together', '{m}{n}', '{"m":"\\ud83d","n":"\\ude00"}', '"😀"'],
    ['characters of all planes', '价{m}😀', '{"m":"é"}', '"价é😀"'],
  ])('sets to a template with %s', async (_name, template, before, text) => {
    expect(await handled(set('a', { template, overwrite: false }), before)).toBe(
      `${before.slice(0, -1)}${before === '{}' ? '' : ','}"a":${text}}`,
    );
  });

  it.each<[string, string, string, string]>([
    [
      'a number beyond a double',
      'b',
      '{"b":1234567890123456789e-2}',
      '{"b":1234567890123456789e-2,"a":1234567890123456789e-2}',
    ],
    ['text with escapes', 'b', '{"b":"\\u00e9\\ud800"}', '{"b":"\\u00e9\\ud800","a":"\\u00e9\\ud800"}'],
    ['an object as it is laid out', 'b.c', '{"b":{"c": { "d" : [] }}}', '{"b":{"c": { "d" : [] }},"a":{ "d" : [] }}'],
    ['the last of several', 'b', '{"b":1,"b":2}', '{"b":1,"b":2,"a":2}'],
    ['null', 'b', '{"b":null}', '{"b":null,"a":null}'],
  ])('copies %s', async (_name, from, before, after) => {
    expect(await handled(set('a', { copy_from: from }), before)).toBe(after);
  });

  it.each<[string, object]>([
    ['a template', { template: '{b} {c}' }],
    ['a copy', { copy_from: 'c' }],
  ])('passes over records without a field of %s, unless it must be there', async (_name, source) => {
    expect(await handled(set('a', source), '{"b":1}')).toBe('{"b":1}');
    expect(await handled(set('a', { ...source, ignore_missing: false }), '{"b":1}')).toBe(
      'rejected: handlers[0] (set): the record has no field c',
    );
  });

  it('passes over a record in which a field of a template is null', async () => {
    const handler = set('a', { template: '{b}', ignore_missing: false });
    expect(await handled(handler, '{"b":null}')).toBe('{"b":null}');
  });

  it.each<[string, object, string, string]>([
    ['an object in a template', { template: '{b}' }, '{"b":{}}', 'b is an object; it should be a text, a number or a'],
    ['no room', { value: 1 }, '{"a":1}', 'there is no room for a.b: a value on the way is no object'],
    [
      'more levels than a record has',
      { copy_from: 'c' },
      `{"c":${deep(199)}}`,
      'c is nested too deeply to stand at a.b: a record has at most 200 levels',
    ],
  ])('refuses %s', async (_name, source, before, fault) => {
    expect(await handled(set('a.b', source), before)).toContain(`rejected: handlers[0] (set): ${fault}`);
  });

  it('copies as deep as a record may be', async () => {
    const value = deep(198);
    expect(await handled(set('a.b', { copy_from: 'c' }), `{"c":${value}}`)).toBe(`{"c":${value},"a":{"b":${value}}}`);
  });

  it.each<[object, string, string]>([
    [{}, 'value', 'is missing: give exactly one of value, template, copy_from'],
    [{ value: null, template: 'x' }, 'template', 'cannot be given together with value: give exactly one of'],
    [{ template: 'x', copy_from: 'b' }, 'copy_from', 'cannot be given together with template'],
    [{ value: { n: [2 ** 53] } }, 'value', 'has a number beyond 2^53'],
    [{ value: Infinity }, 'value', 'has a number beyond 2^53'],
    [{ value: JSON.parse(deep(200)) }, 'value', 'is nested too deeply'],
    [{ template: 'a{b' }, 'template', 'has a { alone'],
    [{ template: 'a}b' }, 'template', 'has a } alone'],
    [{ template: '{}' }, 'template', 'empty name'],
    [{ template: '{a.}' }, 'template', 'empty name'],
    [{ copy_from: 'a' }, 'copy_from', 'is the field itself'],
    [{ copy_from: 'x\\y' }, 'copy_from', 'a backslash stands before'],
    [{ value: 1, overwrite: 'no' }, 'overwrite', 'must be boolean'],
  ])('refuses the options %j', (source, option, fault) => {
    expect(checkHandlers([set('a', source)], testResources)).toEqual([
      { field: `handlers[0].${option}`, fault: expect.stringContaining(fault) },
    ]);
  });
});
