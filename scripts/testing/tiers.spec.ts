import { parseSelection } from './tiers.ts';

const names = (...words: string[]) => parseSelection(words).tiers.map(({ name }) => name);

describe('parseSelection', () => {
  it('runs every tier, the fast ones first, when none is named', () => {
    expect(names()).toEqual(['small', 'fuzz', 'medium', 'e2e', 'outage']);
    expect(parseSelection([]).jestArguments).toEqual([]);
  });

  it('runs the named tiers alone, in their own order', () => {
    expect(names('e2e', 'small')).toEqual(['small', 'e2e']);
  });

  it('hands everything after the tier names to Jest', () => {
    expect(parseSelection(['medium', 'kafka', '-t', 'small'])).toMatchObject({
      tiers: [{ name: 'medium' }],
      jestArguments: ['kafka', '-t', 'small'],
    });
  });

  it('looks for a pattern without a tier name in every tier', () => {
    expect(names('kafka')).toEqual(names());
    expect(parseSelection(['kafka']).jestArguments).toEqual(['kafka']);
  });
});
