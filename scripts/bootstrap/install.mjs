import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

import { withLock } from './lock.mjs';

const heartbeatMs = 10_000;
const shownLogLines = 20;

/**
 * Brings node_modules to what package-lock.json says; does nothing when it is there already. Processes in the same
 * clone take turns. Returns undefined, or the text that tells why it failed.
 */
export async function install(root, print) {
  if (isInstalled(root)) return undefined;
  const onWait = (pid) => print(`waiting for process ${pid}, which installs dependencies`);
  return withLock(
    join(root, '.sandbox/.npm-ci.lock'),
    () => (isInstalled(root) ? undefined : runInstall(root, print)),
    { onWait },
  );
}

function isInstalled(root) {
  if (read(stampFile(root)) === lockDigest(root)) return true;
  // Perhaps somebody ran npm by hand: its own record, written last, tells whether the result is the same.
  const wanted = parsed(join(root, 'package-lock.json'));
  const present = parsed(join(root, 'node_modules/.package-lock.json'));
  if (wanted === undefined || present === undefined || !isSameTree(wanted, present)) return false;
  writeFileSync(stampFile(root), lockDigest(root));
  return true;
}

/** True when the installed tree holds every package of the lock file in its version; optional ones may be missing. */
export function isSameTree(wanted, present) {
  const entries = Object.entries(wanted.packages ?? {}).filter(([path]) => path !== '');
  const known = new Set(entries.map(([path]) => path));
  return (
    Object.keys(present.packages ?? {}).every((path) => known.has(path)) &&
    entries.every(([path, { version, integrity, optional }]) => {
      const found = present.packages?.[path];
      if (found === undefined) return optional === true;
      return found.version === version && found.integrity === integrity;
    })
  );
}

async function runInstall(root, print) {
  const startedMs = performance.now();
  const elapsed = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  print('installing dependencies (npm ci)');
  const heartbeat = setInterval(() => print(`still installing dependencies (${elapsed()})`), heartbeatMs);
  const logFile = join(root, '.sandbox/npm-ci.log');
  try {
    const failure = await runNpm(root, logFile);
    if (failure !== undefined) return `npm ci ${failure}; its log, ${logFile}, begins with:\n${logHead(logFile)}`;
    writeFileSync(stampFile(root), lockDigest(root));
    print(`installed dependencies in ${elapsed()}`);
    return undefined;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Resolves with undefined, or with how it failed. An interrupt ends npm first, so that it leaves the folder alone. */
function runNpm(root, logFile) {
  mkdirSync(join(root, '.sandbox'), { recursive: true });
  const log = openSync(logFile, 'w');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const script = process.env.npm_execpath ?? '';
  // The npm that runs this script, else the one on the PATH.
  const [command, before] = script.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
  const child = spawn(command, [...before, ...args], { cwd: root, stdio: ['ignore', log, log] });
  closeSync(log);
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started (${error.message})`));
    child.on('exit', (code, signal) => {
      resolve(code === 0 ? undefined : `ended with ${code ?? 128 + constants.signals[signal]}`);
    });
  }).finally(() => signals.forEach((signal) => process.off(signal, forward)));
}

/** The cause comes first in npm's log, but for the warnings of each package that it wants the Node being installed. */
function logHead(logFile) {
  const lines = (read(logFile) ?? '').split('\n').filter((line) => line.trim() !== '' && !line.includes('EBADENGINE'));
  return lines.slice(0, shownLogLines).join('\n');
}

function lockDigest(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function stampFile(root) {
  return join(root, 'node_modules/.install-stamp');
}

function parsed(path) {
  const text = read(path);
  return text === undefined ? undefined : JSON.parse(text);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
