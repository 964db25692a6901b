import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const deeds = {
  /** As a fault in a task's code does. */
  throw: `throw new Error('sabotage')`,
  /** As a task does that keeps too much; not all of it at once, for that may end the process (README, known limits). */
  'fill the heap': `globalThis.kept = [globalThis.kept, Array.from({ length: 1e5 }, Math.random)]`,
};

/** Code that Node loads into every thread before the program, and which ends each task thread once it is told to. */
export class ThreadSabotage {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sabotage-'));
  private readonly sign = join(this.folder, 'go');

  constructor(private readonly deed: keyof typeof deeds) {}

  /** For the process in question. */
  get settings(): Record<string, string> {
    const code = `
      import { isMainThread } from 'node:worker_threads';
      import { existsSync } from 'node:fs';
      const act = () => { if (existsSync(${JSON.stringify(this.sign)})) { ${deeds[this.deed]}; } };
      if (!isMainThread) setInterval(act, 20).unref();`;
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  }

  begin(): void {
    writeFileSync(this.sign, '');
  }

  end(): void {
    rmSync(this.sign, { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
