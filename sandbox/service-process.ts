import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { isSameProcess, startTimeOf } from '../scripts/bootstrap/process-identity.mjs';
import { pollUntil } from './poll-until.ts';
import { SandboxError } from './sandbox-error.ts';

const killDeadlineMs = 10_000;

export interface Launch {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Standard output and error are appended here. */
  outputFile: string;
}

/**
 * A process that outlives the one who started it, known by a pid file "<pid> <start time>". Everything here acts only
 * on the process that was started: a pid file whose process is gone, or whose pid a stranger has now, counts as stopped.
 */
export class ServiceProcess {
  readonly #pidFile: string;

  constructor(pidFile: string) {
    this.#pidFile = pidFile;
  }

  /** The pid while the process runs, else undefined. */
  findPid(): number | undefined {
    const [pid, startTime] = this.#read();
    return pid !== undefined && isSameProcess(pid, startTime) ? pid : undefined;
  }

  /** Starts it as the leader of a process group of its own. The caller made sure that it does not run. */
  start(launch: Launch): void {
    mkdirSync(dirname(launch.outputFile), { recursive: true });
    const output = openSync(launch.outputFile, 'a');
    try {
      const child = spawn(launch.command, launch.args, {
        cwd: launch.cwd,
        env: launch.environment,
        detached: true,
        stdio: ['ignore', output, output],
      });
      // A command that cannot be started has no pid; the event must be taken, or it ends this program.
      child.on('error', () => undefined);
      child.unref();
      if (child.pid === undefined) throw new SandboxError(`${launch.command} could not be started`);
      // At once, so that no moment is left in which an interrupt would leave a process without a pid file.
      writeFileSync(this.#pidFile, `${child.pid} ${startTimeOf(child.pid) ?? ''}\n`);
    } finally {
      closeSync(output);
    }
  }

  /** Asks the process to end, and kills it when it has not within the deadline. Does nothing when it does not run. */
  async stop(deadlineMs: number): Promise<void> {
    const pid = this.#signal('SIGTERM');
    if (pid !== undefined && !(await pollUntil(() => this.findPid() === undefined, deadlineMs))) await this.kill();
    else rmSync(this.#pidFile, { force: true });
  }

  /** Ends the process without giving it a chance to react, and returns when it is gone. */
  async kill(): Promise<void> {
    const pid = this.#signal('SIGKILL');
    if (pid !== undefined && !(await pollUntil(() => this.findPid() === undefined, killDeadlineMs))) {
      throw new SandboxError(`process ${pid} did not end after SIGKILL`);
    }
    rmSync(this.#pidFile, { force: true });
  }

  #signal(signal: NodeJS.Signals): number | undefined {
    const pid = this.findPid();
    if (pid === undefined) return undefined;
    try {
      // The whole group, for what a start script may have beside it.
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    return pid;
  }

  #read(): [number | undefined, string] {
    try {
      const [pid = '', startTime = ''] = readFileSync(this.#pidFile, 'utf8').trim().split(' ');
      return [/^[1-9]\d*$/.test(pid) ? Number(pid) : undefined, startTime];
    } catch {
      return [undefined, ''];
    }
  }
}
