import { PatternReader } from './pattern-reader.js';

describe('the patterns of a list of handlers', () => {
  it.each([['(abcdefghij){1000}'.repeat(20)], ['.{1000}'.repeat(140)], ['(a|b){1000}(c|d){999}'.repeat(40)]])(
    'may not be as large as %s',
    (pattern) => {
      expect(() => new PatternReader().read('pattern', pattern)).toThrow(
        expect.objectContaining({
          option: 'pattern',
          message: expect.stringMatching(
            /^compiles to some \d+ instructions; those of a pipeline may have 100000/,
          ) as string,
        }),
      );
    },
  );

  it('have a limit that they share', () => {
    const patterns = new PatternReader();
    for (let n = 0; n < 9; n++) {
      expect(patterns.read('pattern', '.{1000}'.repeat(10)).programSize()).toBeGreaterThan(10_000);
    }
    expect(() => patterns.read('pattern', '.{1000}'.repeat(10))).toThrow(/and the patterns before it to 9\d{4};/);
    expect(patterns.read('pattern', 'a+').matches('aaa')).toBe(true);
  });

  it('are named when they are none', () => {
    expect(() => new PatternReader().read('patterns[1]', '(a)\\1')).toThrow(
      expect.objectContaining({ option: 'patterns[1]', message: expect.stringMatching(/^is not a regular/) as string }),
    );
  });
});
