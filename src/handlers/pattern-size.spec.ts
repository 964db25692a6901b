import { RE2JS } from 're2js';
import { patternSize } from './pattern-size.js';

describe('the size of a pattern, told from its text', () => {
  it.each([
    ...['', 'abc', 'a|b|c', '[a-z0-9_]+', '[]a]{3}', '[^]a]', '[[:alpha:]]{20}', '[\\]]{5}', '(a)(?:b)(?P<c>d)'],
    ...[
      '(abc){100}',
      '((a{10}){10}){10}',
      '(a|bc){2,50}',
      'x{5,}',
      '(){100}',
      '\\pL{30}',
      '\\p{Greek}{30}',
      '\\x{10FFFF}{7}',
    ],
    ...['a{', 'a{,3}', '{', 'a{1', '\\(\\){3}', '(?i)abc{40}', '.{1000}.{1000}', '\\d{1,3}(\\.\\d{1,3}){3}'],
  ])('%s is not far from what it compiles to', (pattern) => {
    const actual = RE2JS.compile(pattern).programSize();
    const told = patternSize(pattern);
    expect([told * 3 + 20 >= actual, told <= actual * 3 + 20]).toEqual([true, true]);
  });

  it.each(['(', ')', '[', '\\', '{1}', '(((', 'a)b', '[z'])('says something of %s, which is no pattern', (pattern) => {
    expect(patternSize(pattern)).toBeGreaterThanOrEqual(0);
  });
});
