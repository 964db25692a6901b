import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { programProcess } from '../../quickstart/program/program.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { waitUntil } from '../support/wait-until.js';

const root = resolve(import.meta.dirname, '../..');
const runDeadlineMs = 240_000;
/** A mapping conflict of each kind, a duplicate key, two bad ids, too many levels. */
const badRecords = 6;

interface Result {
  ok: boolean;
  error?: string;
  pipelines: { id: string; index: string; produced: number; indexed: number; forwarded: number; rejected: number }[];
  checks: { name: string; ok: boolean; detail?: string }[];
  seconds: number;
}

/** The quickstart as a person runs it, in a sandbox of its own. */
class QuickstartRun {
  readonly name = `quickstart-${randomBytes(4).toString('hex')}`;
  readonly folder = join(root, '.sandbox', this.name);
  private readonly child: ChildProcess;
  private readonly parts: Buffer[] = [];

  constructor(...options: string[]) {
    const environment = Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS$|NODE_ENV$|JEST_)/.test(name));
    const script = join(root, 'quickstart/main.ts');
    // The runner has built: building again would empty dist/ under other tests.
    const args = [script, '--no-build', '--name', this.name, ...options];
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      env: Object.fromEntries(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (part: Buffer) => this.parts.push(part));
    this.child.stderr?.on('data', (part: Buffer) => this.parts.push(part));
  }

  get output(): string {
    return Buffer.concat(this.parts).toString();
  }

  /** The last line that it printed, as JSON. */
  get result(): Result {
    return JSON.parse(this.output.trimEnd().split('\n').at(-1) ?? '') as Result;
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  /** Whoever was started here writes a log in the sandbox's folder: the processes that have a file in it open. */
  leftovers(): string[] {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && openFiles(pid).some((path) => this.owns(path)));
  }

  /** Leaves nothing; logs of a failed test go where the runner keeps them. */
  async remove(hasFailed: boolean): Promise<void> {
    this.child.kill('SIGKILL');
    const kept = process.env.SDP_TEST_LOGS;
    if (hasFailed && kept !== undefined) {
      mkdirSync(kept, { recursive: true });
      writeFileSync(join(kept, `${this.name}.log`), this.output);
      const logs = join(this.folder, 'logs');
      if (existsSync(logs)) cpSync(logs, join(kept, this.name), { recursive: true });
    }
    await programProcess(this.folder).kill();
    await new Sandbox({ name: this.name, root }).remove();
  }

  private owns(path: string): boolean {
    return path.startsWith(`${this.folder}/`);
  }
}

function openFiles(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((file) => readlinkSync(join(folder, file)));
  } catch {
    return []; // gone meanwhile, or not ours
  }
}

describe('npm run quickstart', () => {
  const runs: { run: QuickstartRun; isFine: boolean }[] = [];

  function start(...options: string[]): QuickstartRun {
    const run = new QuickstartRun(...options);
    runs.push({ run, isFine: false });
    return run;
  }

  function settled(run: QuickstartRun): void {
    const found = runs.find((candidate) => candidate.run === run);
    if (found) found.isFine = true;
  }

  afterEach(async () => {
    for (const { run, isFine } of runs.splice(0)) await run.remove(!isFine);
  }, 60_000);

  it(
    'feeds real logs, verifies every record of them, and leaves nothing running',
    async () => {
      const run = start('--once');

      expect({ code: await run.exitCode(), output: run.output }).toMatchObject({ code: 0 });
      const { ok, pipelines, checks } = run.result;
      expect(ok).toBe(true);
      expect(checks.length).toBeGreaterThan(0);
      expect(checks.filter((check) => !check.ok)).toEqual([]);
      for (const pipeline of pipelines) {
        expect(pipeline.indexed).toBeGreaterThan(0);
        expect(pipeline.forwarded).toBe(pipeline.indexed);
        expect(pipeline.indexed + pipeline.rejected).toBe(pipeline.produced);
      }
      expect(pipelines.find(({ id }) => id.startsWith('access-log'))?.rejected).toBe(badRecords);
      expect(run.leftovers()).toEqual([]);
      expect(existsSync(run.folder)).toBe(false);
      settled(run);
    },
    runDeadlineMs,
  );

  it(
    'notices a document that was changed, names it and fails',
    async () => {
      const run = start('--once', '--falsify');

      expect({ code: await run.exitCode(), output: run.output }).toMatchObject({ code: 1 });
      const id = /changed document (\S+) in /.exec(run.output)?.[1] ?? 'none was changed';
      const failed = run.result.checks.filter(({ ok }) => !ok);
      expect(run.result.ok).toBe(false);
      expect(failed).toHaveLength(1);
      expect(failed[0]?.detail).toContain(`document ${id}: message is "falsified"`);
      expect(run.leftovers()).toEqual([]);
      settled(run);
    },
    runDeadlineMs,
  );

  it(
    'ends everything when it is interrupted while services start',
    async () => {
      const run = start();
      await waitUntil('a service runs', () => run.leftovers().length > 0, { seen: () => run.output });

      run.interrupt();

      expect(await run.exitCode()).toBe(130);
      expect(run.output).toContain('everything is stopped');
      expect(run.leftovers()).toEqual([]);
      settled(run);
    },
    runDeadlineMs,
  );
});
