import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const dissect = (pattern: string, more: object = {}) => ({ type: 'dissect', field: 'm', pattern, ...more });
const rejected = (reason: string) => `rejected: handlers[0] (dissect): ${reason}`;

describe('dissect', () => {
  it.each<[string, string, string, string]>([
    ['fields', '%{a} %{b}', '{"n":1.0, "m":"x y"}', '{"n":1.0, "m":"x y","a":"x","b":"y"}'],
    ['the rest as it is', '%{a} %{b}', '{"m":"x  y z"}', '{"m":"x  y z","a":"x","b":" y z"}'],
    ['nothing when the field is absent', '%{a} %{b}', '{"n":1}', '{"n":1}'],
    ['nothing of null', '%{a} %{b}', '{"m":null}', '{"m":null}'],
    ['between what stands around it', '[%{a}]', '{"m":"[x]y]"}', '{"m":"[x]y]","a":"x]y"}'],
    ['nothing for a key to skip', '%{} %{?b} %{c}', '{"m":"x y z"}', '{"m":"x y z","c":"z"}'],
    ['parts together', '%{a} %{b} %{+a}', '{"m":"x y z"}', '{"m":"x y z","a":"xz","b":"y"}'],
    ['a part alone', '%{+a} %{b}', '{"m":"x y"}', '{"m":"x y","a":"x","b":"y"}'],
    ['names from the text', '%{?k}=%{&k}', '{"m":"x.y=1"}', '{"m":"x.y=1","x.y":"1"}'],
    ['the value before its name', '%{&k} of %{?k}', '{"m":"1 of a\\"b"}', '{"m":"1 of a\\"b","a\\"b":"1"}'],
    ['padded by spaces', '%{a->} %{b}', '{"m":"x    y"}', '{"m":"x    y","a":"x","b":"y"}'],
    ['padded at the end', '%{a} %{b->};', '{"m":"x y;;;"}', '{"m":"x y;;;","a":"x","b":"y"}'],
    ['padding that is passed over', '%{->} %{b}', '{"m":"x    y"}', '{"m":"x    y","b":"y"}'],
    ['nested fields', '%{a.b} %{a.c}', '{"m":"x y"}', '{"m":"x y","a":{"b":"x","c":"y"}}'],
    ['empty texts', '%{a},%{b},%{c}', '{"m":",,"}', '{"m":",,","a":"","b":"","c":""}'],
    [
      'delimiters of all planes',
      '%{a}😀%{b}',
      '{"m":"价\\ud83d\\ude00é"}',
      '{"m":"价\\ud83d\\ude00é","a":"价","b":"é"}',
    ],
    ['half a surrogate pair', '%{a} %{b}', '{"m":"\\ud800 y"}', '{"m":"\\ud800 y","a":"\\ud800","b":"y"}'],
    [
      'what is spelled with escapes',
      '%{a}\t%{b}',
      '{"m":"\\"\\u0009\\n"}',
      '{"m":"\\"\\u0009\\n","a":"\\"","b":"\\n"}',
    ],
    ['of the last of several', '%{a} %{b}', '{"m":1,"m":"x y"}', '{"m":1,"m":"x y","a":"x","b":"y"}'],
    ['over what was there', '%{a} %{b}', '{"b":1,"m":"x y","b":2}', '{"m":"x y","b":"y","a":"x"}'],
    [
      'huge numbers as texts',
      '%{a};',
      '{"m":"12345678901234567890;"}',
      '{"m":"12345678901234567890;","a":"12345678901234567890"}',
    ],
  ])('gives %s', async (_name, pattern, before, after) => {
    expect(await handled(dissect(pattern), before)).toBe(after);
  });

  it('puts a separator between parts, below the target', async () => {
    const handler = dissect('%{d} %{+d}=%{?k}:%{&k}', { append_separator: ' ', target: 't.u', field: 'x.0' });
    expect(await handled(handler, '{"x":["a b=k:v"]}')).toBe('{"x":["a b=k:v"],"t":{"u":{"d":"a b","k":"v"}}}');
  });

  it.each<[string, object, string, string]>([
    ['%{a}: %{b}', {}, '{"m":"x y"}', 'm is "x y", which has no ": " where %{a} should end'],
    ['[%{a}]', {}, '{"m":"x]"}', 'm is "x]", which does not begin with "["'],
    ['[%{a}]', {}, '{"m":"[x"}', 'm is "[x", which has no "]" where %{a} should end'],
    ['[%{a}][', {}, '{"m":"["}', 'm is "[", which has no "][" where %{a} should end'],
    ['%{?k}=%{&k}', {}, '{"m":"=1"}', 'the text at %{?k} is empty, so that %{&k} has no name'],
    ['%{a} %{b}', {}, '{"m":1e400}', 'm is the number 1e400; it should be a text'],
    ['%{a} %{b}', {}, '{"m":["x y"]}', 'm is an array; it should be a text'],
    ['%{a} %{b}', {}, '{"m":{}}', 'm is an object; it should be a text'],
    ['%{a} %{b}', { ignore_missing: false }, '{}', 'the record has no field m'],
    ['%{a.x} %{b}', {}, '{"m":"x y","a":"z"}', 'there is no room for a.x: a value on the way is no object'],
  ])('%s %j refuses %s', async (pattern, more, record, reason) => {
    expect(await handled(dissect(pattern, more), record)).toBe(rejected(reason));
  });

  it('is through with a long padding', async () => {
    const told = await handled(dissect('%{a->} %{b->} %{c}'), `{"m":"${' '.repeat(200_000)}"}`);
    // Not the whole text: jest takes minutes to print so many spaces.
    expect(told.slice(-35)).toMatch(/has no " " where %\{b\} should end$/);
  });

  it.each([
    [dissect('plain'), 'pattern', 'has 0 keys like %{name}; 1 to 100 are allowed'],
    [dissect('%{a}%{b}'), 'pattern', 'has nothing between %{a} and the next key; a delimiter must part them'],
    [dissect('%{a} %{a}'), 'pattern', 'has %{a} twice; %{+a} appends to it'],
    [dissect('%{&a} %{b}'), 'pattern', 'has %{&a}, whose name %{?a} would give'],
    [dissect('%{+} %{b}'), 'pattern', 'has %{+}, which needs a name'],
    [dissect('%{a} %{a.b}'), 'pattern', 'gives both a and a.b, which would be within it'],
    [dissect('%{a..b} %{c}'), 'pattern', expect.stringContaining('empty name')],
    [dissect('%{a},'.repeat(101)), 'pattern', expect.stringContaining('has 101 keys')],
    [dissect('%{a} %{b}', { target: 'x.' }), 'target', expect.stringContaining('empty name')],
    [dissect(''), 'pattern', expect.stringContaining('fewer than 1 characters')],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});
