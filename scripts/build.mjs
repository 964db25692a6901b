// npm run build: compiles into dist/ and notes beside the program which build it is. Works on a plain checkout and in the
// build of an image, which has neither git nor the history: there REVISION and VERSION say it.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { commitOf } from './build/commit.mjs';

const root = join(import.meta.dirname, '..');
const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');

const readVersion = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).version;

const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
if (status === 0) {
  const build = {
    version: process.env.VERSION || readVersion('package.json'),
    commit: commitOf(root, process.env.REVISION),
    typescript: readVersion('node_modules/typescript/package.json'),
  };
  writeFileSync(join(root, 'dist/build-info.json'), `${JSON.stringify(build)}\n`);
}
process.exitCode = status ?? 1;
