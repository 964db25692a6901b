import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('runs on until Ctrl-C in a sandbox of its own when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      ...{ help: false, once: false, falsify: false, keep: false, build: true },
      name: 'quickstart',
    });
  });

  it('takes all options', () => {
    expect(parseOptions(['--once', '--falsify', '--keep', '--no-build', '--name', 'mine'])).toEqual({
      ...{ help: false, once: true, falsify: true, keep: true, build: false },
      name: 'mine',
    });
  });

  it.each([
    [['--falsify'], '--falsify belongs to --once'],
    [['--onec'], "'--onec'"],
    [['now'], "'now'"],
    [['--name'], '--name'],
  ])('refuses %j in one line', (words, message) => {
    expect(() => parseOptions(words)).toThrow(message);
  });
});
