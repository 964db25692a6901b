import { isSameTree, type LockFile } from './install.mjs';
import { isNewEnough } from './pinned-node.mjs';

describe('isSameTree', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const platform = { version: '2.0.0', integrity: 'sha512-p', optional: true };
  const wanted: LockFile = { packages: { '': { version: '0.1.0' }, 'node_modules/a': a, 'node_modules/p': platform } };

  it.each<[string, LockFile, boolean]>([
    ['everything is there', { packages: { 'node_modules/a': a, 'node_modules/p': platform } }, true],
    ['only a package for another platform is missing', { packages: { 'node_modules/a': a } }, true],
    ['a package is missing', { packages: { 'node_modules/p': platform } }, false],
    ['a version differs', { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } }, false],
    ['a digest differs', { packages: { 'node_modules/a': { ...a, integrity: 'sha512-x' } } }, false],
    ['a package is left over', { packages: { 'node_modules/a': a, 'node_modules/b': a } }, false],
    ['nothing is there', {}, false],
  ])('when %s', (_, present, isSame) => {
    expect(isSameTree(wanted, present)).toBe(isSame);
  });
});

describe('isNewEnough', () => {
  it.each([
    ['20.20.2', false],
    ['24.10.9', false],
    ['24.11.0', true],
    ['24.21.0', true],
    ['25.0.0', true],
  ])('Node %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});
