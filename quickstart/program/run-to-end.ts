import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { runProgram, type ProgramRun } from '../../sandbox/run-program.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { QuickstartError } from '../quickstart-error.ts';
import { causeInLog } from './log-cause.ts';

/** Runs a program to its end. When it fails, `failure`, the cause in its log and the log's place are told. */
export async function runToEnd(run: ProgramRun, failure: string): Promise<void> {
  await mkdir(dirname(run.logFile), { recursive: true });
  try {
    await runProgram(run, failure);
  } catch (error) {
    run.signal?.throwIfAborted();
    if (error instanceof SandboxError) {
      throw new QuickstartError(`${failure}: ${await causeInLog(run.logFile)}\n  log: ${run.logFile}`);
    }
    const { syscall = '', code = '' } = error as NodeJS.ErrnoException;
    if (!syscall.startsWith('spawn')) throw error;
    throw new QuickstartError(`${failure}: ${run.command} could not be started (${code})`);
  }
}
