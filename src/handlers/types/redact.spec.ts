import { handled, testResources } from '../../../test/factories/handled.js';
import { checkHandlers } from '../check-handlers.js';

const redact = (options: object) => ({ type: 'redact', ...options });
const SECRET = { fields: ['p'] };
const EMAIL = { presets: ['email'] };
const DIGITS = { patterns: ['[0-9]+'] };

describe('redact', () => {
  it.each<[string, object, string, string]>([
    ['a text', SECRET, '{"n":1.0, "p" : "x" }', '{"n":1.0, "p" : "***" }'],
    ['nothing when the field is absent', SECRET, '{"n" :1.0}', '{"n" :1.0}'],
    ['null', SECRET, '{"p":null}', '{"p":"***"}'],
    ['an object with all that is in it', SECRET, '{"p":{"a":[1,{"b":2}]}}', '{"p":"***"}'],
    ['an array', SECRET, '{"p":[1,"x"]}', '{"p":"***"}'],
    ['a number beyond a double', SECRET, '{"p":12345678901234567890123}', '{"p":"***"}'],
    ['all of several', SECRET, '{"p":"x","n":1,"p":{"p":2}}', '{"p":"***","n":1,"p":"***"}'],
    ['a name that is spelled with escapes', SECRET, '{"\\u0070":"x","p":"y"}', '{"\\u0070":"***","p":"***"}'],
    [
      'in all of several objects',
      { fields: ['u.p'] },
      '{"u":{"p":1},"u":{"p":2,"p":3}}',
      '{"u":{"p":"***"},"u":{"p":"***","p":"***"}}',
    ],
    ['an element', { fields: ['a.1'] }, '{"a":["x","y","z"]}', '{"a":["x","***","z"]}'],
    ['a field and one within it', { fields: ['a.b', 'a'] }, '{"a":{"b":1}}', '{"a":"***"}'],
    ['parts of all texts', DIGITS, '{"a":"x1y22","b":[{"c":"3"}],"1":1}', '{"a":"x***y***","b":[{"c":"***"}],"1":1}'],
    [
      'parts of all of several',
      DIGITS,
      '{"a":"1","a":"2","b":{"c":"3"},"b":4}',
      '{"a":"***","a":"***","b":{"c":"***"},"b":4}',
    ],
    ['no name', EMAIL, '{"a@b.cd":{"c@d.ef":"e@f.gh"}}', '{"a@b.cd":{"c@d.ef":"***"}}'],
    ['only what it means', EMAIL, '{"a":"\\u0061@host","b":"\\u0061@b.cd\\n"}', '{"a":"\\u0061@host","b":"***\\n"}'],
    ['all planes', { patterns: ['价.'] }, '{"a":"é价\\ud83d\\ude00\\ud800"}', '{"a":"é***\\ud800"}'],
    [
      'what several mean together',
      { presets: ['email'], patterns: ['for \\w+'] },
      '{"a":"for ann@b.cd!"}',
      '{"a":"***!"}',
    ],
    [
      'texts in a field',
      { ...DIGITS, within: ['a'] },
      '{"a":"1","b":"2","a":["3",{"1":"4"}]}',
      '{"a":"***","b":"2","a":["***",{"1":"***"}]}',
    ],
    ['a field and parts of texts', { ...SECRET, ...DIGITS }, '{"p":"x1","a":"y2"}', '{"p":"***","a":"y***"}'],
    ['with another mask', { ...SECRET, ...DIGITS, mask: '"#' }, '{"p":1,"a":"1"}', '{"p":"\\"#","a":"\\"#"}'],
    ['with nothing', { ...DIGITS, mask: '' }, '{"a":"x1"}', '{"a":"x"}'],
    ['no empty matches', { patterns: ['[0-9]*'] }, '{"a":"x1y"}', '{"a":"x***y"}'],
    ['nothing of an empty record', DIGITS, '{ }', '{ }'],
  ])('masks %s', async (_name, options, before, after) => {
    expect(await handled(redact(options), before)).toBe(after);
  });

  it('refuses a record whose text it cannot search to the end', async () => {
    const handler = redact({ patterns: ['a+b|a'] });
    expect(await handled(handler, `{"a":"${'a'.repeat(100_000)}"}`)).toBe(
      'rejected: handlers[0] (redact): a text is not worked on to its end: the handlers of a record may compute for 2000 ms',
    );
  });

  it('refuses to fill the memory with masks', async () => {
    const handler = redact({ patterns: ['x'], mask: '#'.repeat(100) });
    expect(await handled(handler, `{"a":"${'x'.repeat(80_001)}"}`)).toBe(
      'rejected: handlers[0] (redact): the masks would have more than 8000000 characters',
    );
  });

  it('masks 100,000 texts, and 100,000 parts of one', async () => {
    const many = `{"a":[${Array(100_000).fill('"1"').join(',')}],"b":"${'1 '.repeat(100_000)}"}`;
    const masked = await handled(redact({ ...DIGITS, mask: '#' }), many);
    expect(masked === many.replace(/1/g, '#')).toBe(true);
  });

  it.each([
    [redact({}), 'fields', 'or `patterns` or `presets` must be given'],
    [redact({ ...SECRET, within: ['a'] }), 'within', 'needs `patterns` or `presets` to look for'],
    [redact({ patterns: ['x', '('] }), 'patterns[1]', expect.stringContaining('is not a regular expression')],
    [redact({ presets: ['mail'] }), 'presets[0]', 'must be one of email, credit_card, ipv4, ipv6, bearer_token'],
    [redact({ presets: ['toString'] }), 'presets[0]', expect.stringContaining('must be one of')],
    [redact({ fields: ['a..b'] }), 'fields', expect.stringContaining('empty name')],
    [redact({ ...DIGITS, within: ['a\\b'] }), 'within', expect.stringContaining('backslash')],
    [redact({ ...SECRET, mask: 1 }), 'mask', 'must be string'],
  ])('refuses the options %j', (handler, option, fault: unknown) => {
    expect(checkHandlers([handler], testResources)).toEqual([{ field: `handlers[0].${option}`, fault }]);
  });
});
