import { spawnSync } from 'node:child_process';

export const UNKNOWN = 'unknown';

/**
 * The commit of the sources in `root`, with `-dirty` when they differ from it (a file that git does not know counts: it
 * may be compiled too). `revision`, when it is given, wins. Unknown where nobody can tell: no git, no repository, or
 * sources that were unpacked inside a repository of something else.
 */
export function commitOf(root, revision) {
  if (revision !== undefined && revision !== '' && revision !== UNKNOWN) return revision;
  const prefix = git(root, ['rev-parse', '--show-prefix']);
  const head = git(root, ['rev-parse', 'HEAD']);
  if (prefix !== '' || head === undefined) return UNKNOWN;
  const changes = git(root, ['status', '--porcelain']);
  return changes === '' ? head : `${head}-dirty`;
}

/** What it printed; undefined when it failed or does not exist. */
function git(root, args) {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
