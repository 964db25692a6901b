import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';

import { SandboxError } from './sandbox-error.ts';

const logTailLines = 12;

export interface ProgramRun {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Standard output and error go here; what was in it before is lost. */
  logFile: string;
  /** Ends the program when aborted; the call then waits for its end and throws the signal's reason. */
  signal: AbortSignal | undefined;
}

/** Runs a program to its end. Throws a SandboxError that begins with `failure` and ends with the last lines of the log. */
export async function runProgram(run: ProgramRun, failure: string): Promise<void> {
  const log = await open(run.logFile, 'w');
  try {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.environment,
      stdio: ['ignore', log.fd, log.fd],
    });
    const stop = () => child.kill();
    run.signal?.addEventListener('abort', stop);
    // Also after an abort: until the program is gone, it may go on writing files.
    const [code, signal] = (await once(child, 'exit').finally(() => {
      run.signal?.removeEventListener('abort', stop);
    })) as [number | null, string | null];
    run.signal?.throwIfAborted();
    if (code !== 0) {
      throw new SandboxError(
        `${failure} (exit ${code ?? signal ?? '?'}); its log ends with:\n${await logTail(run.logFile)}`,
      );
    }
  } finally {
    await log.close();
  }
}

/** The last lines of a log and where it is, indented; only the place when there is no such file. */
export async function logTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return [...text.trimEnd().split('\n').slice(-logTailLines), `(${path})`].map((line) => `  ${line}`).join('\n');
}
