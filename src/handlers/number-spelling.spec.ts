import { decimalSpelling, integerSpelling } from './number-spelling.js';

describe('the spelling of a number in a text', () => {
  it.each([
    ['0', '0'],
    ['007', '7'],
    ['+5', '5'],
    ['-12', '-12'],
    ['000', '0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['', undefined],
    ['-', undefined],
    ['1.0', undefined],
    ['0x1f', undefined],
    [' 1', undefined],
    ['١', undefined],
  ])('of the integer %j is %j', (text, spelled) => {
    expect(integerSpelling(text)).toBe(spelled);
  });

  it.each([
    ['1.50', '1.50'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+00.10', '0.10'],
    ['-0', '-0'],
    ['1E5', '1e5'],
    ['1e+999', '1e+999'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['', undefined],
    ['.', undefined],
    ['-.', undefined],
    ['e5', undefined],
    ['1e', undefined],
    ['NaN', undefined],
    ['1.2.3', undefined],
  ])('of the decimal number %j is %j', (text, spelled) => {
    expect(decimalSpelling(text)).toBe(spelled);
    expect(spelled === undefined || Number(spelled) === Number(text)).toBe(true);
  });

  it('is found in a time that grows with the text alone', () => {
    const zeros = `${'0'.repeat(1_000_000)}x`;
    expect([integerSpelling(zeros), decimalSpelling(zeros)]).toEqual([undefined, undefined]);
  });
});
