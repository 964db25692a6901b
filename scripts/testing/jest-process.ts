import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { pollUntil } from '../../sandbox/poll-until.ts';
import { commandOf, membersOf, signalGroup } from './process-group.ts';

export const root = resolve(import.meta.dirname, '../..');

const exitGraceMs = 15_000;
const stopGraceMs = 5000;
const pollMs = 250;

export interface JestRun {
  arguments: readonly string[];
  environment: NodeJS.ProcessEnv;
  resultsFile: string;
  /** What Jest prints goes to the terminal and into this file. */
  logFile: string;
  deadlineMs: number;
  signal: AbortSignal;
}

/**
 * Runs Jest to its end. Returns what is wrong with the way it ended, one line each: stuck, not ended by itself after the
 * last test, processes left behind, a crash. Failed tests are not among them: the results file tells those. However it
 * ends, no process of it is left.
 */
export async function runJest(run: JestRun): Promise<string[]> {
  const child = start(run);
  const group = child.pid;
  if (group === undefined) return ['Jest could not be started'];
  try {
    const fault = await ended(child, run);
    const leftovers = run.signal.aborted || fault !== undefined ? [] : membersOf(group);
    return [
      ...(fault === undefined ? [] : [fault]),
      ...leftovers.map((pid) => `a test left process ${pid} running: ${commandOf(pid)}`),
    ];
  } finally {
    await endGroup(group);
  }
}

function jestCommand(words: readonly string[]): string[] {
  return [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...words,
  ];
}

/** The paths of the test files that Jest would run; the patterns are as in a run. */
export async function listTests(words: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, jestCommand([...words, '--listTests', '--passWithNoTests']), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await once(child, 'close');
  return Buffer.concat(parts)
    .toString()
    .split('\n')
    .filter((line) => line.startsWith(root));
}

function start(run: JestRun): ChildProcess {
  const log = createWriteStream(run.logFile);
  const color = process.stderr.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, jestCommand(run.arguments), {
    cwd: root,
    env: { ...color, ...run.environment },
    // A group of its own: whatever a test starts belongs to it and can be found and ended.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.on('error', () => undefined);
  // Standard output only says where the results were written; the report goes to standard error.
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  child.on('close', () => log.end());
  return child;
}

/** Undefined when Jest came to its end by itself, with or without failed tests. */
async function ended(child: ChildProcess, run: JestRun): Promise<string | undefined> {
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const isSettled = () => isGone() || run.signal.aborted || existsSync(run.resultsFile);
  if (!(await pollUntil(isSettled, run.deadlineMs, pollMs))) {
    return `Jest was stuck: it had not finished after ${run.deadlineMs / 1000} s`;
  }
  if (run.signal.aborted) return 'interrupted';
  if (!(await pollUntil(() => isGone() || run.signal.aborted, exitGraceMs, pollMs))) {
    return `Jest did not end by itself within ${exitGraceMs / 1000} s after its last test: a test left something open`;
  }
  if (run.signal.aborted) return 'interrupted';
  // 1 means failed tests.
  const isOrderly = child.exitCode === 0 || child.exitCode === 1;
  return isOrderly ? undefined : `Jest crashed with ${child.exitCode ?? child.signalCode ?? '?'}`;
}

async function endGroup(group: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  if (await pollUntil(() => membersOf(group).length === 0, stopGraceMs, pollMs)) return;
  signalGroup(group, 'SIGKILL');
  await pollUntil(() => membersOf(group).length === 0, stopGraceMs, pollMs);
}
