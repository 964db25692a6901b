import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOf } from './commit.mjs';

describe('the commit that a build notes', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();

  function committed(): string {
    git('init');
    writeFileSync(join(folder, 'source.ts'), '1');
    git('add', '.');
    git('commit', '-m', 'first');
    return git('rev-parse', 'HEAD');
  }

  it('is that of the checkout', () => {
    const head = committed();

    expect(commitOf(folder, undefined)).toBe(head);
  });

  it.each([
    ['a changed file', 'source.ts'],
    ['a file that git does not know', 'another.ts'],
  ])('says so when the sources have %s', (_, file) => {
    const head = committed();
    writeFileSync(join(folder, file), '2');

    expect(commitOf(folder, undefined)).toBe(`${head}-dirty`);
  });

  it('is what an image build was told', () => {
    committed();

    expect(commitOf(folder, 'abc')).toBe('abc');
  });

  it.each([undefined, '', 'unknown'])('is unknown without a repository, when told %j', (revision) => {
    expect(commitOf(folder, revision)).toBe('unknown');
  });

  it('is not that of a repository around the sources', () => {
    committed();
    mkdirSync(join(folder, 'unpacked'));

    expect(commitOf(join(folder, 'unpacked'), undefined)).toBe('unknown');
  });
});
