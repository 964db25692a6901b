import { cutText, MAX_TRUNCATED_BYTES, truncateValue, truncationHeader } from './rejected-record.js';

describe('a value that the error topic refuses', () => {
  it('is cut to 1 MiB, and a header says how long it was', () => {
    const value = Buffer.alloc(MAX_TRUNCATED_BYTES + 5, 'x');
    expect(truncateValue(value)).toHaveLength(1_048_576);
    expect(truncationHeader(value).map(String)).toEqual(['__error_truncated', '1048581']);
  });

  it('stays as it is when it is shorter, or none', () => {
    expect(truncateValue(Buffer.from([0xff, 0x00]))).toEqual(Buffer.from([0xff, 0x00]));
    expect(truncateValue(null)).toBeNull();
  });
});

describe('cutText', () => {
  it.each([
    ['', 4, ''],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abcd'],
    ['aé', 3, 'aé'],
    ['abcé', 4, 'abc'],
    ['日本', 5, '日'],
    ['a😀', 4, 'a'],
    ['a😀', 5, 'a😀'],
    ['abc😀😀', 4, 'abc'],
    ['日', 2, ''],
  ])('%s to %d bytes is "%s"', (whole, maxBytes, cut) => {
    expect(cutText(whole, maxBytes)).toBe(cut);
  });
});
