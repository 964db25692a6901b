import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

import { install } from './install.mjs';
import { findPinnedNode } from './pinned-node.mjs';

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');

/** Installs what is missing, then runs the entry on the pinned Node and ends as it ends. */
export async function start([entry, ...args]) {
  if (entry === undefined) return end('Usage: node scripts/bootstrap.mjs <entry.ts> [args...]');
  const failure = await install(root, (line) => console.error(line));
  if (failure !== undefined) return end(failure);
  const node = findPinnedNode(root);
  if (node.path === undefined) return end(node.advice);
  runToEnd(node.path, ['--disable-warning=ExperimentalWarning', resolve(root, entry), ...args]);
}

function end(message) {
  console.error(message);
  process.exitCode = 1;
}

function runToEnd(node, args) {
  // Programs that the entry starts by name get the same Node and the installed tools.
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group: forwarded as well, it would look like a second, impatient one.
      if (signal !== 'SIGINT' || !isInForeground()) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** True when this process belongs to the group that the terminal sends its signals to. */
function isInForeground() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foregroundGroup;
  } catch {
    return process.stdin.isTTY === true;
  }
}
