import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from './poll-until.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

describe('a program that is run to its end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-program-'));
  const pidFile = join(folder, 'pid');
  afterAll(() => rmSync(folder, { recursive: true }));

  const script = (text: string, signal?: AbortSignal): ProgramRun => ({
    ...{ command: 'sh', args: ['-c', text], cwd: folder, environment: process.env },
    ...{ logFile: join(folder, 'log'), signal },
  });

  it('fails with the end of its log', async () => {
    await expect(runProgram(script('echo no room; exit 3'), 'It failed')).rejects.toThrow(
      /It failed \(exit 3\).*no room/s,
    );
  });

  it('takes what it started with it when it is interrupted', async () => {
    const controller = new AbortController();
    const running = runProgram(script(`sleep 60 & echo $! > ${pidFile}; wait`, controller.signal), 'It failed');
    const outcome = expect(running).rejects.toThrow('interrupted');
    expect(await pollUntil(() => pidIn(pidFile) !== undefined, 10_000)).toBe(true);
    controller.abort(new Error('interrupted'));
    await outcome;
    expect(() => process.kill(pidIn(pidFile) ?? 0, 0)).toThrow('ESRCH');
  });

  it('is not begun after an interruption', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(runProgram(script('exit 0', signal), 'It failed')).rejects.toThrow('interrupted');
  });
});

function pidIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8').trim()) || undefined;
  } catch {
    return undefined;
  }
}
