import { runProgram, type ProgramRun } from '../../sandbox/run-program.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { QuickstartError } from '../quickstart-error.ts';
import { causeInLog } from './log-cause.ts';

/** Runs a program to its end. When it fails, `failure`, the cause in its log and the log's place are told. */
export async function runToEnd(run: ProgramRun, failure: string): Promise<void> {
  try {
    await runProgram(run, failure);
  } catch (error) {
    run.signal?.throwIfAborted();
    if (error instanceof SandboxError) {
      throw new QuickstartError(`${failure}: ${await causeInLog(run.logFile)}\n  log: ${run.logFile}`);
    }
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new QuickstartError(`${failure}: there is no "${run.command}" to run`);
  }
}
