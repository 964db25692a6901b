import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const route = (options: object) => ({ type: 'route', ...options });
const table = { a: 'base-a', '1.0': 'one', true: 'yes', '😀': 'smile', toString: 'own' };
const byField = route({ field: 'f', table });
const legal = 'lower-case letters, digits, - and _, at most 100, the first a letter or digit';

describe('route', () => {
  it.each<[string, object, string, string]>([
    ['a constant', { base: 'logs' }, '{"n" : 1.0}', '{"n" : 1.0,"__index_base":"logs"}'],
    ['over a base of its own', { base: 'logs' }, '{"__index_base":"x","a":1}', '{"__index_base":"logs","a":1}'],
    ['over all bases of its own', { base: 'l' }, '{"__index_base":"x","__index_base":2}', '{"__index_base":"l"}'],
    ['over one that is spelled with escapes', { base: 'l' }, '{"\\u005f_index_base":1}', '{"\\u005f_index_base":"l"}'],
    ['a template', { base: 'l-{a}' }, '{"a":"b"}', '{"a":"b","__index_base":"l-b"}'],
    ['a template with a nested number', { base: 'l-{a.n}' }, '{"a":{"n":7}}', '{"a":{"n":7},"__index_base":"l-7"}'],
    ['not when the field of a template is absent', { base: 'l-{a}' }, '{"b":1}', '{"b":1}'],
    ['not when the field of a template is null', { base: 'l-{a}' }, '{"a":null}', '{"a":null}'],
    ['the value itself', { field: 'f' }, '{"f":"logs"}', '{"f":"logs","__index_base":"logs"}'],
    ['by a table', { field: 'f', table }, '{"f":"a"}', '{"f":"a","__index_base":"base-a"}'],
    ['by a number as it is spelled', { field: 'f', table }, '{"f":1.0}', '{"f":1.0,"__index_base":"one"}'],
    ['by a truth value', { field: 'f', table }, '{"f":true}', '{"f":true,"__index_base":"yes"}'],
    [
      'by a surrogate pair of escapes',
      { field: 'f', table },
      '{"f":"\\ud83d\\ude00"}',
      '{"f":"\\ud83d\\ude00","__index_base":"smile"}',
    ],
    ['by the last of several', { field: 'f', table }, '{"f":"x","f":"a"}', '{"f":"x","f":"a","__index_base":"base-a"}'],
    ['by an element', { field: 'f.1', table }, '{"f":[0,"a"]}', '{"f":[0,"a"],"__index_base":"base-a"}'],
    ['by a name of the language', { field: 'f', table }, '{"f":"toString"}', '{"f":"toString","__index_base":"own"}'],
    ['not when the field is absent', { field: 'f', table }, '{"x":1}', '{"x":1}'],
    ['by default', { field: 'f', table, default: 'd' }, '{"f":"z"}', '{"f":"z","__index_base":"d"}'],
    ['null by default', { field: 'f', table, default: 'd' }, '{"f":null}', '{"f":null,"__index_base":"d"}'],
    ['not when the field is null', { field: 'f', table, ignore_missing: false }, '{"f":null}', '{"f":null}'],
    ['absent by default', { field: 'f', table, default: 'd' }, '{}', '{"__index_base":"d"}'],
  ])('sets %s', async (_name, options, before, after) => {
    expect(await handled(route(options), before)).toBe(after);
  });

  it.each<[object, string, string]>([
    [byField, '{"f":"z"}', 'f is "z", which the table does not have; add it, or a default'],
    [byField, '{"f":"constructor"}', 'f is "constructor", which the table does not have; add it, or a default'],
    [byField, '{"f":{}}', 'f is an object; it should be a text, a number or a boolean'],
    [route({ field: 'f', default: 'd' }), '{"f":[1]}', 'f is an array; it should be a text, a number or a boolean'],
    [route({ field: 'f', ignore_missing: false }), '{}', 'the record has no field f'],
    [route({ field: 'f' }), '{"f":"Logs"}', `f gives the index base "Logs", which is no legal name: ${legal}`],
    [route({ field: 'f' }), '{"f":""}', `f gives the index base "", which is no legal name: ${legal}`],
    [
      route({ base: 'l-{a}' }),
      '{"a":"x/y"}',
      `base l-{a} gives the index base "l-x/y", which is no legal name: ${legal}`,
    ],
    [route({ base: 'l-{a}' }), '{"a":[]}', 'a is an array; it should be a text, a number or a boolean'],
    [route({ base: 'l-{a}', ignore_missing: false }), '{}', 'the record has no field a'],
  ])('%j refuses %s', async (handler, record, reason) => {
    expect(await handled(handler as { type: string }, record)).toBe(`rejected: handlers[0] (route): ${reason}`);
  });

  it.each([
    [route({}), 'base', 'or `field` must be given, one of the two'],
    [route({ base: 'a', field: 'b' }), 'base', 'or `field` must be given, one of the two'],
    [route({ base: 'Logs' }), 'base', `is "Logs", which is no legal name of an index base: ${legal}`],
    [route({ base: 'a', table }), 'table', 'belongs to `field`; a base that is given needs none'],
    [route({ base: 'a', default: 'b' }), 'default', 'belongs to `field`; a base that is given needs none'],
    [route({ field: 'a', table: { x: 'a b' } }), 'table.x', expect.stringContaining('is "a b"')],
    [route({ field: 'a', default: '-b' }), 'default', expect.stringContaining('is "-b"')],
    [route({ base: 'l-{a' }), 'base', expect.stringContaining('{ alone')],
    [route({ field: 'a..b' }), 'field', expect.stringContaining('empty name')],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});
