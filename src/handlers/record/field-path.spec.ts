import { parseFieldPath } from './field-path.js';

const names = (text: string) => {
  const path = parseFieldPath(text);
  return typeof path === 'string' ? path : path.segments.map(({ name }) => name);
};

describe('parseFieldPath', () => {
  it.each<[string, string[]]>([
    ['status', ['status']],
    ['http.status', ['http', 'status']],
    [String.raw`labels.app\.kubernetes\.io/name`, ['labels', 'app.kubernetes.io/name']],
    [String.raw`a\\.b`, ['a\\', 'b']],
    ['items.0.name', ['items', '0', 'name']],
    ['价格.元', ['价格', '元']],
    [' a . b ', [' a ', ' b ']],
  ])('reads %s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['', 'empty name'],
    ['a..b', 'empty name'],
    ['.a', 'empty name'],
    ['a.', 'empty name'],
    [String.raw`a\b`, 'backslash'],
    ['a\\', 'backslash'],
    [Array(33).fill('a').join('.'), 'more than 32 names'],
  ])('says what is wrong with "%s"', (text, expected) => {
    expect(parseFieldPath(text)).toEqual(expect.stringContaining(expected));
  });

  it('takes whole numbers for indices of arrays, and nothing else', () => {
    const path = parseFieldPath('0.12.01.1e3.-1.9999999999');

    expect(typeof path === 'string' ? path : path.segments.map(({ index }) => index)).toEqual([
      0,
      12,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
