import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const grok = (pattern: string | string[], more: object = {}) => ({
  ...{ type: 'grok', field: 'm', patterns: [pattern].flat() },
  ...more,
});
const rejected = (reason: string) => `rejected: handlers[0] (grok): ${reason}`;

describe('grok', () => {
  it.each<[string, string, string, string]>([
    ['one field', '%{WORD:a}', '{"n":1.0, "m":"x y"}', '{"n":1.0, "m":"x y","a":"x"}'],
    ['none for a reference without a field', '%{WORD} %{WORD:a}', '{"m":"x y"}', '{"m":"x y","a":"y"}'],
    ['nothing when the field is absent', '%{WORD:a}', '{"n":1}', '{"n":1}'],
    ['nothing of null', '%{WORD:a}', '{"m":null}', '{"m":null}'],
    ['nested fields', '%{WORD:a.b} %{WORD:a.c}', '{"m":"x y"}', '{"m":"x y","a":{"b":"x","c":"y"}}'],
    ['a name with a dot', '%{WORD:a\\.b}', '{"m":"x"}', '{"m":"x","a.b":"x"}'],
    [
      'integers with all their digits',
      '%{INT:i:int}',
      '{"m":"+00123456789012345678901"}',
      '{"m":"+00123456789012345678901","i":123456789012345678901}',
    ],
    ['numbers with all their digits', '%{NUMBER:f:float}', '{"m":"-.50"}', '{"m":"-.50","f":-0.50}'],
    ['over what was there, the last of several', '%{WORD:a}', '{"a":1,"m":"x","a":2}', '{"m":"x","a":"x"}'],
    ['over the field itself', '(?P<m>b)', '{"m":"abc"}', '{"m":"b"}'],
    ['groups of the owner', 'id=(?P<id>[0-9]+)', '{"m":"id=7"}', '{"m":"id=7","id":"7"}'],
    ['groups spelled like elsewhere', 'id=(?<id>[0-9]+)', '{"m":"id=7"}', '{"m":"id=7","id":"7"}'],
    ['the alternative that took part', '(?:%{INT:a}|%{WORD:b})', '{"m":"x"}', '{"m":"x","b":"x"}'],
    ['the first of one field twice', '%{WORD:a} %{WORD:a}', '{"m":"x y"}', '{"m":"x y","a":"x"}'],
    ['an empty text', '<%{DATA:a}>', '{"m":"<>"}', '{"m":"<>","a":""}'],
    ['no number of an empty text', '<%{DATA:a:int}>', '{"m":"<>"}', '{"m":"<>"}'],
    [
      'characters of all planes',
      '%{NOTSPACE:a} %{NOTSPACE:b}',
      '{"m":"价 \\ud83d\\ude00"}',
      '{"m":"价 \\ud83d\\ude00","a":"价","b":"😀"}',
    ],
    ['half a surrogate pair', '%{NOTSPACE:a}', '{"m":"\\udc00"}', '{"m":"\\udc00","a":"\\udc00"}'],
    ['what is spelled with escapes', '%{DATA:a}\\n', '{"m":"\\"x\\\\\\n"}', '{"m":"\\"x\\\\\\n","a":"\\"x\\\\"}'],
    ['of the last of several', '%{WORD:a}', '{"m":"x","m":"y"}', '{"m":"x","m":"y","a":"y"}'],
  ])('gives %s', async (_name, pattern, before, after) => {
    expect(await handled(grok(pattern), before)).toBe(after);
  });

  it('takes a nested field, and writes below the target', async () => {
    const handler = grok('%{WORD:a}', { field: 'x.1', target: 't.u' });
    expect(await handled(handler, '{"x":[0,"y"]}')).toBe('{"x":[0,"y"],"t":{"u":{"a":"y"}}}');
  });

  it('tries one pattern after the other', async () => {
    const handler = grok(['^%{INT:i:int}$', '^%{WORD:w}$', '%{GREEDYDATA:rest}']);
    expect(await handled(handler, '{"m":"x"}')).toBe('{"m":"x","w":"x"}');
  });

  it('prefers definitions of the owner, which may use others', async () => {
    const handler = grok('%{ORDER:o}', { pattern_definitions: { ORDER: '%{WORD}-%{INT:n:int}', WORD: '[A-Z]{2}' } });
    expect(await handled(handler, '{"m":"xAB-12"}')).toBe('{"m":"xAB-12","o":"AB-12","n":12}');
  });

  it('takes an access log apart', async () => {
    const line = String.raw`10.0.0.7 - - [10/Oct/2024:13:55:36 -0700] \"GET /a?b=1 HTTP/1.1\" 200 - \"-\" \"curl/8\"`;
    expect(
      JSON.parse(await handled(grok('^%{COMBINEDAPACHELOG}$', { target: 'p' }), `{"m":"${line}"}`)),
    ).toHaveProperty('p', {
      ...{ clientip: '10.0.0.7', ident: '-', auth: '-', timestamp: '10/Oct/2024:13:55:36 -0700', verb: 'GET' },
      ...{ request: '/a?b=1', httpversion: '1.1', response: '200', referrer: '"-"', agent: '"curl/8"' },
    });
  });

  it.each<[string, object, string, string]>([
    ['^%{INT:a}$', {}, '{"m":"x\\n"}', 'm is "x\\n", which does not match the pattern'],
    ['%{INT:a}', {}, '{"m":12}', 'm is the number 12; it should be a text'],
    ['%{INT:a}', {}, '{"m":["1"]}', 'm is an array; it should be a text'],
    ['%{INT:a}', {}, '{"m":{"x":"1"}}', 'm is an object; it should be a text'],
    ['%{INT:a}', { ignore_missing: false }, '{}', 'the record has no field m'],
    ['%{WORD:a:int}', {}, '{"m":"x"}', 'a would be "x", which is no int'],
    ['%{NOTSPACE:a:float}', {}, '{"m":"1.2.3"}', 'a would be "1.2.3", which is no float'],
    ['%{WORD:a.b}', {}, '{"m":"x","a":1}', 'there is no room for a.b: a value on the way is no object'],
    ['%{WORD:a}', { target: 'm' }, '{"m":"x"}', 'there is no room for m.a: a value on the way is no object'],
  ])('%s %j refuses %s', async (pattern, more, record, reason) => {
    expect(await handled(grok(pattern, more), record)).toBe(rejected(reason));
  });

  it('says that none of several matched, and cuts a long text', async () => {
    expect(await handled(grok(['^a', '^b']), `{"m":"${'x'.repeat(100)}"}`)).toBe(
      rejected(`m is "${'x'.repeat(60)}…", which matches none of the patterns`),
    );
  });

  it.each(['(a+)+$', '(?:a|aa)+$', '%{DATA:x}%{DATA:y}%{DATA:z}!$'])(
    'is through in linear time with %s',
    async (pattern) => {
      expect(await handled(grok(`^${pattern}`), `{"m":"${'a'.repeat(100_000)}b"}`)).toMatch(
        /does not match the pattern$/,
      );
    },
  );

  it.each([
    [grok('%{NONE:a}'), 'patterns[0]', 'has %{NONE}, which no pattern is named; add it to pattern_definitions'],
    [grok('%{toString}'), 'patterns[0]', expect.stringContaining('which no pattern is named')],
    [grok(['x', '%{INT:a:long}']), 'patterns[1]', expect.stringContaining('has %{INT:a:long}, which is none of')],
    [grok('%{INT:a..b}'), 'patterns[0]', expect.stringContaining('empty name')],
    [grok('%{INT:a} %{INT:a.b}'), 'patterns[0]', 'gives both a and a.b, which would be within it'],
    [grok('(%{INT:a}'), 'patterns[0]', expect.stringContaining('is not a regular expression')],
    [grok('(?=a)'), 'patterns[0]', expect.stringContaining('is not a regular expression')],
    [
      grok('%{A}', { pattern_definitions: { A: '%{B}', B: '%{A}' } }),
      'patterns[0]',
      'has %{A}, which contains itself: A > B > A',
    ],
    [
      grok('%{A}', { pattern_definitions: doubling(30) }),
      'patterns[0]',
      expect.stringContaining('more than 50000 characters'),
    ],
    [
      grok([...Array<string>(19).fill('.{1000}'.repeat(5)), '.{1000}'.repeat(100)]),
      'patterns[19]',
      expect.stringMatching(
        /^compiles to some \d+ instructions, and the patterns before it to \d+; those of a pipeline/,
      ),
    ],
    [
      grok('x', { pattern_definitions: { 'A-B': 'x' } }),
      'pattern_definitions',
      'has the name "A-B", which no %{NAME} can say: use letters, digits and underscores',
    ],
    [grok('x', { target: 'a..b' }), 'target', expect.stringContaining('empty name')],
    [
      grok('%{A}%{A}', { pattern_definitions: { A: '%{DATA:f}'.repeat(101) } }),
      'patterns[0]',
      'gives 202 fields, the limit is 200',
    ],
    [grok([]), 'patterns', expect.stringContaining('fewer than 1 items')],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});

/** A pattern that is twice the next one, and so on. */
function doubling(levels: number): Record<string, string> {
  const names = Array.from({ length: levels }, (_, index) => 'A'.repeat(index + 1));
  return Object.fromEntries(names.map((name, index) => [name, index + 1 < levels ? `%{A${name}}%{A${name}}` : 'x']));
}
