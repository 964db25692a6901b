import { parseBaseAnswer } from './parse-base-answer.js';

const web = { base_type: 'web', name: 'Web access', data_type: 'nginx', category: 'log' };
const base = { baseType: 'web', name: 'Web access', dataType: 'nginx', category: 'log' };
const parse = (answer: unknown) => parseBaseAnswer(Buffer.from(JSON.stringify(answer)), 'web');

describe('what the index-base service says of a base', () => {
  it.each([
    ['one object', web],
    ['an object with more fields than needed', { ...web, id: 7, mappings: { properties: {} } }],
    ['a list', [web]],
    ['a list with other bases', [{ ...web, base_type: 'shop' }, web]],
    ['a list in entries', { entries: [web], total_count: 1 }],
  ])('may be %s', (_form, answer) => {
    expect(parse(answer)).toEqual({ kind: 'base', base });
  });

  it.each([
    ['without a name', { base_type: 'web', data_type: 'nginx', category: 'log' }],
    ['with an empty name', { ...web, name: '' }],
  ])('%s takes the base type for it', (_what, answer) => {
    expect(parse(answer)).toEqual({ kind: 'base', base: { ...base, name: 'web' } });
  });

  it.each([
    ['an empty list', []],
    ['an empty list in entries', { entries: [] }],
    ['a list of other bases', [{ ...web, base_type: 'web2' }]],
  ])('is that there is none, as %s', (_form, answer) => {
    expect(parse(answer)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['another base', { ...web, base_type: 'shop' }, 'base_type is "shop" and not web'],
    ['an object without a base type', { error_code: 'x' }, 'base_type is missing and not web'],
    ['no data type', { ...web, data_type: undefined }, 'data_type is missing and not a text'],
    ['a data type that is no text', [{ ...web, data_type: 7 }], 'data_type is 7 and not a text'],
    ['an empty category', { entries: [{ ...web, category: ' ' }] }, 'category is " " and not a text'],
    ['an endless category', { ...web, category: 'x'.repeat(256) }, 'category is "xxx'],
    ['half a character', { ...web, data_type: '\ud800' }, 'data_type is "'],
    ['a list of texts', ['web'], 'an entry of the list has no base_type'],
    ['a list in a list', [[web]], 'an entry of the list has no base_type'],
    ['a text', 'web', 'the body is not JSON with an object'],
    ['nothing', null, 'the body is not JSON with an object'],
    ['entries that are no list', { entries: { web } }, 'base_type is missing and not web'],
  ])('makes no sense as %s, and then it is not taken for a yes or a no', (_what, answer, reason) => {
    expect(parse(answer)).toEqual({ kind: 'nonsense', reason: expect.stringContaining(reason) });
  });

  it.each(['', '<html>It works!</html>', '{"base_type":"web"', '[', '\u0000'])('makes no sense as %j', (body) => {
    expect(parseBaseAnswer(Buffer.from(body), 'web')).toMatchObject({ kind: 'nonsense' });
  });
});
