import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { isSameProcess, startTimeOf } from './process-identity.mjs';

const pollMs = 100;
// Removing a dead owner's lock takes microseconds; whoever needs longer died in the middle of it.
const stealDeadlineMs = 10_000;

/**
 * Runs `work` while this process holds the lock folder `path`; waits as long as another live process (or another caller
 * in this one) holds it. `onWait(pid)` is called once, when there is somebody to wait for; an abort of `signal` ends the
 * wait. A lock whose owner died is taken over.
 */
export async function withLock(path, work, { onWait = () => undefined, signal = undefined } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  let hasWaited = false;
  while (!tryAcquire(path)) {
    signal?.throwIfAborted();
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      removeStale(path, owner);
    } else if (owner !== undefined && !hasWaited) {
      onWait(owner.pid);
      hasWaited = true;
    }
    await delay(pollMs);
  }
  try {
    return await work();
  } finally {
    removeWhole(path);
  }
}

/** A folder with its owner inside is made aside and renamed: a rename onto a folder with content fails, so one wins. */
function tryAcquire(path) {
  const mine = mkdtempSync(`${path}.`);
  const owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', token: randomBytes(8).toString('hex') };
  writeFileSync(join(mine, 'owner.json'), JSON.stringify(owner));
  try {
    renameSync(mine, path);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'));
  } catch {
    return undefined; // released at this moment
  }
}

function isAlive(owner) {
  return owner.startTime === '' ? startTimeOf(owner.pid) !== undefined : isSameProcess(owner.pid, owner.startTime);
}

/** Only one waiter may remove a dead owner's lock, else a slower one would remove the lock of the next owner. */
function removeStale(path, owner) {
  const steal = `${path}.steal`;
  try {
    mkdirSync(steal);
  } catch {
    if (ageMsOf(steal) > stealDeadlineMs) rmSync(steal, { recursive: true, force: true });
    return;
  }
  try {
    if (ownerOf(path)?.token === owner.token) removeWhole(path);
  } finally {
    rmSync(steal, { recursive: true, force: true });
  }
}

/** Moved aside first: a lock emptied in place could be taken before it is gone, and would then be removed with its owner. */
function removeWhole(path) {
  const aside = `${path}.gone-${randomBytes(6).toString('hex')}`;
  renameSync(path, aside);
  rmSync(aside, { recursive: true, force: true });
}

function ageMsOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
