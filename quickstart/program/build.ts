import { join } from 'node:path';

import { withLock } from '../../scripts/bootstrap/lock.mjs';
import { runToEnd } from './run-to-end.ts';

/** Runs the repository's own build. Processes in the same clone take turns: it empties dist/ first. */
export async function build(root: string, signal: AbortSignal): Promise<void> {
  const folder = join(root, '.sandbox');
  const logFile = join(folder, 'build.log');
  const script = process.env['npm_execpath'] ?? '';
  // The npm that runs this script, else the one on the PATH.
  const [command, before] = script.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
  const args = [...before, 'run', 'build'];
  const work = () =>
    runToEnd({ command, args, cwd: root, environment: process.env, logFile, signal }, 'The build failed');
  await withLock(join(folder, '.build.lock'), work, { signal });
}
