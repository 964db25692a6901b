import { findHeaders } from './header-list.js';

describe('a list of headers', () => {
  it('may be empty', () => {
    expect(findHeaders('')).toEqual({});
    expect(findHeaders(' , ')).toEqual({});
  });

  it('splits at commas, and a header at its first =', () => {
    expect(findHeaders('authorization=Bearer a=b==, x-scope = 1 ')).toEqual({
      authorization: 'Bearer a=b==',
      'x-scope': '1',
    });
  });

  it.each(['authorization', '=x', 'a=', 'a b=c', 'a=ü', 'a=1,2', 'a=\t'])('is not %j', (text) => {
    expect(findHeaders(text)).toBeUndefined();
  });
});
