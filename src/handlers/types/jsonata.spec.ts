import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const jsonata = (expression: string, more: object = { target: 't' }) => ({ type: 'jsonata', expression, ...more });
const rejected = (reason: string) => `rejected: handlers[0] (jsonata): ${reason}`;
const HUGE = '12345678901234567890123';

describe('jsonata', () => {
  it.each<[string, string, string, string]>([
    ['a number', 'a + 1', '{"a":1.0 }', '{"a":1.0 ,"t":2}'],
    ['nothing when the field is absent', 'a.b', '{"n":1.0}', '{"n":1.0}'],
    ['null', 'a', '{"a":null}', '{"a":null,"t":null}'],
    ['a nested value', 'a.b[1]', '{"a":{"b":[1,"x"]}}', '{"a":{"b":[1,"x"]},"t":"x"}'],
    ['an array', 'a.b', '{"a":[{"b":1},{"b":2}]}', '{"a":[{"b":1},{"b":2}],"t":[1,2]}'],
    ['an array of one that is to stay one', 'a.b[]', '{"a":{"b":1}}', '{"a":{"b":1},"t":[1]}'],
    ['an object', '{"x": a, "y": none}', '{"a":"b"}', '{"a":"b","t":{"x":"b"}}'],
    [
      'the others with their bytes',
      'n',
      `{"n":1,"h":${HUGE},"e":"\\u0065", "z":1.50}`,
      `{"n":1,"h":${HUGE},"e":"\\u0065", "z":1.50,"t":1}`,
    ],
    ['digits lost', 'h', `{"h":${HUGE}}`, `{"h":${HUGE},"t":1.2345678901234568e+22}`],
    ['all planes', 'a & "é"', '{"a":"价\\ud83d\\ude00"}', '{"a":"价\\ud83d\\ude00","t":"价😀é"}'],
    ['half a surrogate pair', 'a', '{"a":"\\ud800"}', '{"a":"\\ud800","t":"\\ud800"}'],
    ['escapes', 'a', '{"a":"\\"\\u0000"}', '{"a":"\\"\\u0000","t":"\\"\\u0000"}'],
    ['the last of several', 'a', '{"a":1,"a":2}', '{"a":1,"a":2,"t":2}'],
    ['over what was there', '1', '{"t":2,"b":3,"t":4}', '{"b":3,"t":1}'],
    ['a name of the language', '__proto__', '{"__proto__":{"x":1}}', '{"__proto__":{"x":1},"t":{"x":1}}'],
    ['patterns', '$replace(a, /(b+)(?:c)/i, "<$1>")', '{"a":"abBC"}', '{"a":"abBC","t":"a<bB>"}'],
    ['all matches', '$match(a, /[0-9]+/).match', '{"a":"1 22 333"}', '{"a":"1 22 333","t":["1","22","333"]}'],
    ['parts', '$split(a, /, */)', '{"a":"x,y,  z"}', '{"a":"x,y,  z","t":["x","y","z"]}'],
    ['padding', '$pad(a, -4, "😀é") & $pad(a, 3) & $pad(a, 1)', '{"a":"xy"}', '{"a":"xy","t":"😀éxyxy xy"}'],
    ['times', '$fromMillis($toMillis("2024-10-10T13:55:36.123+02:00"))', '{}', '{"t":"2024-10-10T11:55:36.123Z"}'],
    ['functions of its own', '($f := function($n) {$n <= 1 ? 1 : $n * $f($n - 1)}; $f(10))', '{}', '{"t":3628800}'],
  ])('gives %s', async (_name, expression, before, after) => {
    expect(await handled(jsonata(expression), before)).toBe(after);
  });

  it.each<[string, string, string]>([
    ['{"b": a}', '{"a":1.0,"c":2}', '{"b":1}'],
    ['$merge([$, {"n": 1}])', '{"a":"\\u0062","n":0}', '{"a":"b","n":1}'],
    ['$ ~> |b|{"c": 2}|', '{"b":{"c":1}}', '{"b":{"c":2}}'],
    ['{}', '{"a":1}', '{}'],
  ])('makes the record by %s', async (expression, before, after) => {
    expect(await handled(jsonata(expression, {}), before)).toBe(after);
  });

  it('hands its record on to the handlers after it, and leaves the next record alone', async () => {
    const chain = [jsonata('{"b": a}', {}), { type: 'rename', from: 'b', to: 'c' }, jsonata('c + 1')];
    expect([await handled(chain, '{"a":1}'), await handled(chain, '{"a":5}')]).toEqual([
      '{"c":1,"t":2}',
      '{"c":5,"t":6}',
    ]);
  });

  it.each<[string, object, string, string]>([
    ['a', {}, '{"a":[1]}', 'the expression gives an array; without a target it should give an object'],
    ['a', {}, '{"a":null}', 'the expression gives null; without a target it should give an object'],
    ['a', {}, '{}', 'the expression gives nothing; without a target it should give an object'],
    ['a', { target: 't', ignore_missing: false }, '{}', 'the expression gives nothing for t'],
    ['a', { target: 'a.b' }, '{"a":1}', 'there is no room for a.b: a value on the way is no object'],
    [
      'a.b + 1',
      { target: 't' },
      '{"a":{"b":"x"}}',
      expect.stringContaining('the expression has no value: The left side'),
    ],
    ['$error("no " & a)', { target: 't' }, '{"a":"luck"}', 'the expression has no value: no luck'],
    ['$', {}, '{"a":1e400}', 'the expression gives a number that is beyond a double'],
    ['[function($x) {$x}]', { target: 't' }, '{}', 'the expression gives a function'],
    ['$sum', { target: 't' }, '{}', 'the expression gives a function'],
    ['/a/', { target: 't' }, '{}', 'the expression gives a function'],
    ['$toMillis(a)', { target: 't' }, '{"a":"yesterday"}', expect.stringContaining('"yesterday", which is no time')],
    ['$toMillis(a, "[Y]")', { target: 't' }, '{"a":"2024"}', expect.stringContaining('signature')],
  ])('%s %j refuses %s', async (expression, more, record, reason: unknown) => {
    const told = await handled(jsonata(expression, more), record);
    expect(told.replace('rejected: handlers[0] (jsonata): ', '')).toEqual(reason);
  });

  it.each([
    ['a loop', '($f := function() {$f()}; $f())', /Evaluation timeout after 1000 milliseconds/],
    ['a recursion', '($f := function($n) {1 + $f($n + 1)}; $f(1))', /Stack overflow/],
    ['many members', '[1..1000000]', /maximum sequence length/],
    ['many members by steps', '[1..300].([1..1000])', /maximum sequence length|Evaluation timeout/],
    ['a text that doubles', '($f := function($t) {$f($t & $t)}; $f("x"))', /longer than 33554432 characters/],
    ['a padding', '$pad("x", 1000000000)', /\$pad is asked for 1000000000 characters/],
    [
      'one part many times',
      `(${'$a := [[$a], [$a]];'.repeat(30)} [$a])`.replace('$a], [$a', '1], [1'),
      /gives more than 1000000 values/,
    ],
    ['a pattern that looks at the text again and again', '$replace(m, /a+b|a/, "x")', /takes too long/],
  ])('ends %s', async (_name, expression, reason) => {
    expect(await handled(jsonata(expression), `{"m":"${'a'.repeat(100_000)}"}`)).toMatch(reason);
  });

  it('is through in linear time with a pattern that is slow elsewhere', async () => {
    const handler = jsonata('$contains(m, /^(a+)+$/)');
    expect(await handled(handler, `{"m":"${'a'.repeat(100_000)}b"}`)).toMatch(/"t":false}$/);
  });

  it('refuses a value that is nested too deeply, and takes one that is not', async () => {
    const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(await handled(jsonata('a'), deep(199))).toMatch(/"t":\[\[/);
    expect(await handled(jsonata('{"b": $}', {}), deep(199))).toBe(
      rejected('the expression gives a value that is nested too deeply'),
    );
  });

  it.each([
    [jsonata('a.'), 'expression', expect.stringContaining('is no JSONata expression: ')],
    [jsonata('('.repeat(9999)), 'expression', expect.stringContaining('is no JSONata expression: ')],
    [jsonata('$eval("1")'), 'expression', 'uses $eval, which is not there: it would run what a record says'],
    [jsonata('a ~> $map($eval)'), 'expression', expect.stringContaining('uses $eval')],
    [jsonata('{"x": [b[$f($millis())]]}'), 'expression', expect.stringContaining('uses $millis')],
    [jsonata('$now()'), 'expression', expect.stringContaining('must become the same document')],
    [jsonata('$random()'), 'expression', expect.stringContaining('uses $random')],
    [jsonata('a ~> $shuffle'), 'expression', expect.stringContaining('uses $shuffle')],
    [
      jsonata('$match(a, /(a)(?=b)/)'),
      'expression',
      expect.stringContaining('has a pattern that is not a regular expression'),
    ],
    [
      jsonata('$match(a, /(a)\\1/)'),
      'expression',
      expect.stringContaining('has a pattern that is not a regular expression'),
    ],
    [jsonata('x'.repeat(10_001)), 'expression', expect.stringContaining('more than 10000 characters')],
    [jsonata('a', { target: 'a..b' }), 'target', expect.stringContaining('empty name')],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});
