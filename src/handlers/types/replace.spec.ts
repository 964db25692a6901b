import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const replace = (pattern: string, replacement: string, more: object = {}) => ({
  ...{ type: 'replace', fields: ['a'], pattern, replacement },
  ...more,
});
const rejected = (reason: string) => `rejected: handlers[0] (replace): ${reason}`;

describe('replace', () => {
  it.each<[string, string, string, string, string]>([
    ['every match', 'o', '0', '{"x":1.0,"a":"foo" }', '{"x":1.0,"a":"f00" }'],
    ['nothing when the field is absent', 'o', '0', '{"b":"foo"}', '{"b":"foo"}'],
    ['nothing of null', 'o', '0', '{"a":null}', '{"a":null}'],
    ['nothing without a match, and keeps the spelling', 'z', '0', '{"a":"\\u0066oo\\/"}', '{"a":"\\u0066oo\\/"}'],
    ['with a numbered group', '(\\w)(\\w)', '$2$1', '{"a":"abcd"}', '{"a":"badc"}'],
    ['with a named group', '(?P<x>\\d+)ms', '${x} ms', '{"a":"5ms 7ms"}', '{"a":"5 ms 7 ms"}'],
    ['with the whole match', '\\d+', '<$0>', '{"a":"a1b22"}', '{"a":"a<1>b<22>"}'],
    ['with dollars', '€', '$$', '{"a":"5€"}', '{"a":"5$"}'],
    ['with a group that took no part', '(x)|y', '[$1]', '{"a":"xy"}', '{"a":"[x][]"}'],
    ['with nothing', '\\s+', '', '{"a":" a b "}', '{"a":"ab"}'],
    ['empty matches', 'x*', '-', '{"a":"ab"}', '{"a":"-a-b-"}'],
    ['what is spelled with escapes', '\\n', ' ', '{"a":"1\\n2\\u000a3"}', '{"a":"1 2 3"}'],
    ['characters of all planes', '.', '😀', '{"a":"é\\ud83d\\ude00"}', '{"a":"😀😀"}'],
    ['beside half a surrogate pair', 'x', 'y', '{"a":"\\ud800x"}', '{"a":"\\ud800y"}'],
    ['with quotes', 'q', '"\\', '{"a":"q"}', '{"a":"\\"\\\\"}'],
    ['in the last of several', 'o', '0', '{"a":"o","a":"oo"}', '{"a":"00"}'],
  ])('replaces %s', async (_name, pattern, replacement, before, after) => {
    expect(await handled(replace(pattern, replacement), before)).toBe(after);
  });

  it('replaces the first match alone when it is told so', async () => {
    expect(await handled(replace('o', '0', { all: false }), '{"a":"foo"}')).toBe('{"a":"f0o"}');
  });

  it('passes over null, which is not absent', async () => {
    expect(await handled(replace('o', '0', { ignore_missing: false }), '{"a":null}')).toBe('{"a":null}');
  });

  it('replaces in nested fields and elements, each by itself', async () => {
    const handler = replace('o', '0', { fields: ['a.b', 'none', 'a.c.1'] });
    expect(await handled(handler, '{"a":{"b":"o","c":["o","o"]},"d":"o"}')).toBe(
      '{"a":{"b":"0","c":["o","0"]},"d":"o"}',
    );
  });

  it.each([
    ['{"a":12345678901234567890123}', {}, 'a is the number 12345678901234567890123; it should be a text'],
    ['{"a":{"b":"o"}}', {}, 'a is an object; it should be a text'],
    ['{"a":["o"]}', {}, 'a is an array; it should be a text'],
    ['{"a":true}', {}, 'a is true; it should be a text'],
    ['{"b":"o"}', { ignore_missing: false }, 'the record has no field a'],
  ])('refuses %s', async (record, more, reason) => {
    expect(await handled(replace('o', '0', more), record)).toBe(rejected(reason));
  });

  it('refuses to let a text grow without an end', async () => {
    const record = `{"a":"${'x'.repeat(9000)}"}`;
    expect(await handled(replace('x', 'y'.repeat(1000)), record)).toBe(
      rejected('a grows by more than 8000000 characters'),
    );
  });

  it('gives up on a pattern that looks at the text again for each of its characters', async () => {
    const record = `{"a":"${'a'.repeat(100_000)}"}`;
    expect(await handled(replace('a+b|a', 'x'), record)).toBe(
      rejected('a is not worked on to its end: the handlers of a record may compute for 2000 ms'),
    );
  });

  it('refuses a text that is too long for the size of the pattern', async () => {
    const record = `{"a":"${'a'.repeat(500_000)}"}`;
    expect(await handled(replace('[^b]{900}', 'x'), record)).toMatch(
      /a is 500000 characters long; a pattern of this size is matched with \d+ at most/,
    );
  });

  it.each([
    [replace('(', 'x'), 'pattern', expect.stringContaining('is not a regular expression')],
    [replace('(?=a)', 'x'), 'pattern', expect.stringContaining('is not a regular expression')],
    [replace('(a)\\1', 'x'), 'pattern', expect.stringContaining('is not a regular expression')],
    [replace('(a)', '$2'), 'replacement', 'has $2, and the pattern has no such group'],
    [replace('(?P<b>a)', '${c}'), 'replacement', 'has ${c}, and the pattern has no such group'],
    [replace('(a)', '5$'), 'replacement', 'has a $ alone: $1 or ${name} is a group, and $$ a dollar'],
    [replace('(a)', '${toString}'), 'replacement', 'has ${toString}, and the pattern has no such group'],
    [replace('a', 'b', { fields: ['a..b'] }), 'fields', expect.stringContaining('empty name')],
    [replace('a', 'b', { fields: [] }), 'fields', expect.stringContaining('fewer than 1 items')],
    [replace('a', 'b', { count: 1 }), 'count', 'is not an option of this type'],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});
