import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';

import { pollUntil } from './poll-until.ts';
import { SandboxError } from './sandbox-error.ts';

const logTailLines = 12;
const groupEndDeadlineMs = 10_000;

export interface ProgramRun {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Standard output and error go here; what was in it before is lost. */
  logFile: string;
  /** Ends the program, with all that it started, when aborted; the call then waits for their end and throws the reason. */
  signal: AbortSignal | undefined;
}

/** Runs a program to its end. Throws a SandboxError that begins with `failure` and ends with the last lines of the log. */
export async function runProgram(run: ProgramRun, failure: string): Promise<void> {
  run.signal?.throwIfAborted();
  const log = await open(run.logFile, 'w');
  try {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.environment,
      // A process group of its own: a script's programs do not end with the script.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const stop = () => endGroup(child.pid, 'SIGTERM');
    run.signal?.addEventListener('abort', stop);
    const [code, signal] = (await once(child, 'exit').finally(() => {
      run.signal?.removeEventListener('abort', stop);
    })) as [number | null, string | null];
    if (run.signal?.aborted) {
      // Until the last of them is gone, they may go on writing files.
      const isGone = await pollUntil(() => !endGroup(child.pid, 0), groupEndDeadlineMs);
      if (!isGone) endGroup(child.pid, 'SIGKILL');
    }
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

/** Signals a process group; false when none of it is left. Signal 0 only asks. */
function endGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false; // nobody left
  }
}

/** The last lines of a log and where it is, indented; only the place when there is no such file. */
export async function logTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return [...text.trimEnd().split('\n').slice(-logTailLines), `(${path})`].map((line) => `  ${line}`).join('\n');
}
