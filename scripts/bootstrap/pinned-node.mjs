import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const oldest = [24, 11];

/**
 * The Node that the project runs on: the installed package for this platform, else the one that runs now if it is new
 * enough. Without either, `path` is undefined and `advice` is one line that says what to install.
 */
export function findPinnedNode(root) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(pinned) && canRun(pinned)) return { path: pinned };
  if (isNewEnough(process.versions.node)) return { path: process.execPath };
  return {
    path: undefined,
    advice:
      `Node ${oldest.join('.')} or newer is needed, and there is no package of it for ${process.platform}-${process.arch}: ` +
      `install Node ${oldest[0]} and start with it; this is ${process.version}.`,
  };
}

/** Compares major and minor with the oldest Node that runs TypeScript files as the project needs it. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** The package's program needs the C library it was linked with, which not every distribution has. */
function canRun(node) {
  try {
    execFileSync(node, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
